using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using CertOperator.Testing.Acme.Protocol;

namespace CertOperator.Testing.Acme.State;

/// <summary>An issued certificate with its chains in PEM, the default one first.</summary>
internal sealed record FakeCertificate(string Id, FakeAccount Account, IReadOnlyList<OrderedName> Names, X509Certificate2 Leaf, IReadOnlyList<string> Chains)
{
    /// <summary>RFC 9773 section 4.1.</summary>
    public string RenewalId { get; } = RenewalIdOf(Leaf);

    /// <summary>Why it was revoked (RFC 5280 section 5.3.1); null while it is good.</summary>
    public int? RevocationReason { get; set; }

    /// <summary>What renewalInfo answers in place of the window that follows from the certificate's dates.</summary>
    public JsonObject? RenewalInfo { get; set; }

    public static string RenewalIdOf(X509Certificate2 leaf)
    {
        var authority = leaf.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().Single().KeyIdentifier!.Value;
        return $"{Base64.Encode(authority.Span)}.{Base64.Encode(leaf.SerialNumberBytes.Span)}";
    }
}
