using System.Security.Cryptography.X509Certificates;

namespace CertOperator.Testing.Acme.Faults;

/// <summary>What a certificate is about to say.</summary>
public sealed class LeafContent
{
    public required PublicKey Key { get; set; }

    public required IReadOnlyList<OrderedName> Names { get; set; }

    public required DateTimeOffset NotBefore { get; set; }

    public required DateTimeOffset NotAfter { get; set; }
}
