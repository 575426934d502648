using CertOperator.Pki;

namespace CertOperator.Controllers.Served;

/// <summary>What is told of a certificate that a server sent. Its words are fit to be shown.</summary>
internal sealed record ServedLeaf
{
    private const int MostNames = 3;

    /// <summary>SHA-256, hexadecimal.</summary>
    public required string Fingerprint { get; init; }

    public required string SerialNumber { get; init; }

    /// <summary>The first of its names.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    public required int NameCount { get; init; }

    public required string Subject { get; init; }

    public required string Issuer { get; init; }

    public required DateTimeOffset NotBefore { get; init; }

    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>Whether it is for the host that was asked for.</summary>
    public required bool IsForHost { get; init; }

    /// <summary>It names itself as its issuer.</summary>
    public bool IsSelfIssued => Issuer == Subject;

    public static ServedLeaf Of(IssuedCertificate certificate, bool isForHost) => new()
    {
        Fingerprint = certificate.Fingerprint,
        SerialNumber = PeerText.Of(certificate.SerialNumber),
        Names = [.. certificate.Names.DnsNames.Concat(certificate.Names.IpAddresses).Take(MostNames).Select(PeerText.Of)],
        NameCount = certificate.Names.Count,
        Subject = PeerText.Of(certificate.Subject.ToString()),
        Issuer = PeerText.Of(certificate.Issuer.ToString()),
        NotBefore = certificate.NotBefore,
        NotAfter = certificate.NotAfter,
        IsForHost = isForHost,
    };
}
