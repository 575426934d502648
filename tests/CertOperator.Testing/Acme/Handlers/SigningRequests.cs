using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CertOperator.Testing.Acme.Protocol;
using CertOperator.Testing.Acme.State;

namespace CertOperator.Testing.Acme.Handlers;

/// <summary>PKCS#10 requests against their orders.</summary>
internal static class SigningRequests
{
    private const string CommonName = "2.5.4.3";
    private const string AlternativeNames = "2.5.29.17";
    private const string MustStaple = "1.3.6.1.5.5.7.1.24";

    /// <summary>Returns the SubjectPublicKeyInfo of a request that asks for exactly the order's names.</summary>
    public static byte[] Check(byte[] der, FakeOrder order)
    {
        var request = Load(der);
        var key = request.PublicKey.ExportSubjectPublicKeyInfo();
        if (key.AsSpan().SequenceEqual(order.Account.Key.KeyInfo)) throw Bad("the key is the account's");
        if (request.CertificateExtensions.Any(e => e.Oid!.Value == MustStaple)) throw Bad("must-staple is not supported");
        using (var rsa = request.PublicKey.GetRSAPublicKey())
        {
            if (rsa?.KeySize < 2048) throw Bad($"an RSA key of {rsa.KeySize} bits is too small");
        }

        var names = Names(request);
        var common = request.SubjectName.EnumerateRelativeDistinguishedNames()
            .Where(part => !part.HasMultipleElements && part.GetSingleElementType().Value == CommonName)
            .Select(part => part.GetSingleElementValue()!);
        foreach (var name in common)
        {
            if (name.Length > 64 || !names.Exists(n => n.Value == name)) throw Bad("the common name is no alternative name, or is too long");
        }

        return names.ToHashSet().SetEquals(order.Names)
            ? key
            : throw Refusal.Unauthorized($"the request names {List(names)}; the order names {List(order.Names)}");
    }

    private static CertificateRequest Load(byte[] der)
    {
        try
        {
            return CertificateRequest.LoadSigningRequest(
                der, HashAlgorithmName.SHA256, CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions, RSASignaturePadding.Pkcs1);
        }
        catch (Exception e) when (e is CryptographicException or NotSupportedException)
        {
            throw Bad("the request cannot be read, or its signature does not verify");
        }
    }

    private static List<OrderedName> Names(CertificateRequest request)
    {
        var extension = request.CertificateExtensions.SingleOrDefault(e => e.Oid!.Value == AlternativeNames) ?? throw Bad("there are no alternative names");
        var alternatives = new X509SubjectAlternativeNameExtension(extension.RawData, extension.Critical);
        List<OrderedName> names =
        [
            .. alternatives.EnumerateDnsNames().Select(name => new OrderedName("dns", name)),
            .. alternatives.EnumerateIPAddresses().Select((IPAddress address) => new OrderedName("ip", address.ToString())),
        ];
        var count = 0;
        for (var entries = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence(); entries.HasData; count++)
        {
            entries.ReadEncodedValue();
        }

        return count == names.Count ? names : throw Bad("there are alternative names that are neither DNS names nor addresses");
    }

    private static string List(IEnumerable<OrderedName> names) => string.Join(", ", names.Select(name => name.Value));

    private static Refusal Bad(string detail) => Refusal.Of(400, "badCSR", detail);
}
