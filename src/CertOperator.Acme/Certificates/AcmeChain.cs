using System.Security.Cryptography;
using System.Text;

namespace CertOperator.Acme.Certificates;

/// <summary>A certificate with what the CA sent beside it: the leaf first. The root need not be among them.</summary>
/// <param name="Certificates">Each in DER.</param>
/// <param name="Url">Where it was downloaded.</param>
public sealed record AcmeChain(IReadOnlyList<ReadOnlyMemory<byte>> Certificates, Uri Url)
{
    public ReadOnlyMemory<byte> Leaf => Certificates[0];

    /// <summary>The certificates in PEM, written anew: nothing else of what the CA sent is in it.</summary>
    public string ToPem()
    {
        var text = new StringBuilder();
        foreach (var certificate in Certificates) text.Append(PemEncoding.Write("CERTIFICATE", certificate.Span)).Append('\n');
        return text.ToString();
    }
}
