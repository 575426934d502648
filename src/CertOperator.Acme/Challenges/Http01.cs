namespace CertOperator.Acme.Challenges;

/// <summary>
/// What a web server must answer on port 80 (RFC 8555 section 8.3): status 200 and exactly <see cref="Body"/>.
/// </summary>
/// <param name="Path">The absolute path.</param>
/// <param name="Body">The key authorization in ASCII, without a line end.</param>
public sealed record Http01(string Path, string Body)
{
    public const string PathPrefix = "/.well-known/acme-challenge/";
    public const string ContentType = "application/octet-stream";

    /// <exception cref="ArgumentException">The token is none.</exception>
    public static Http01 Of(string token, string thumbprint) => new(PathPrefix + token, KeyAuthorization.Of(token, thumbprint));

    /// <summary>The token that a request asks for; null if the path asks for none.</summary>
    public static string? TokenOf(string path)
        => path.StartsWith(PathPrefix, StringComparison.Ordinal) && path[PathPrefix.Length..] is var token && KeyAuthorization.IsToken(token) ? token : null;
}
