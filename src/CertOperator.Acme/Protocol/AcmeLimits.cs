namespace CertOperator.Acme.Protocol;

/// <summary>What is taken from a server, however much it sends.</summary>
internal static class AcmeLimits
{
    /// <summary>Octets of a resource; an order of a hundred names has about 40 KiB.</summary>
    public const int Resource = 1024 * 1024;

    /// <summary>Octets of a certificate chain.</summary>
    public const int Chain = 2 * 1024 * 1024;

    /// <summary>Octets of a refusal; more is cut off.</summary>
    public const int Problem = 256 * 1024;

    public const int JsonDepth = 16;
    public const int Identifiers = 512;
    public const int Challenges = 64;
    public const int Links = 64;
    public const int Alternates = 16;
    public const int Certificates = 20;
    public const int OrderPages = 1000;
    public const int MetaEntries = 256;
    public const int Url = 2048;
    public const int Nonce = 1024;
    public const int Text = 1024;

    /// <summary>What a Retry-After of any length is cut to.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromDays(7);
}
