namespace CertOperator.Acme.Protocol;

/// <summary>
/// URLs as the server wrote them: what is signed must be, octet for octet, what is requested (RFC 8555 section 6.4), so nothing may
/// normalise them.
/// </summary>
internal static class AcmeUri
{
    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>The URL; null if it is not one that may be requested.</summary>
    public static Uri? Parse(string? text, bool allowHttp)
    {
        if (text is not { Length: > 0 and <= AcmeLimits.Url } || text.AsSpan().ContainsAnyExceptInRange('!', '~') || text.Contains('#', StringComparison.Ordinal)) return null;
        return Uri.TryCreate(text, AsWritten, out var uri) && IsAllowed(uri, allowHttp) ? uri : null;
    }

    /// <summary>A URL that may be relative to that of the reply it stands in (RFC 8288 section 3.1).</summary>
    public static Uri? Resolve(Uri reply, string text, bool allowHttp)
    {
        if (Parse(text, allowHttp) is { } absolute) return absolute;
        return Uri.TryCreate(text, UriKind.Relative, out var relative) && Uri.TryCreate(reply, relative, out var resolved)
            ? Parse(resolved.AbsoluteUri, allowHttp)
            : null;
    }

    /// <summary>Whether both lead to the same server: scheme, host and port.</summary>
    public static bool IsSameOrigin(Uri one, Uri other)
        => Uri.Compare(one, other, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;

    private static bool IsAllowed(Uri uri, bool allowHttp)
        => (uri.Scheme == Uri.UriSchemeHttps || (allowHttp && uri.Scheme == Uri.UriSchemeHttp)) && uri.Host.Length > 0 && uri.UserInfo.Length == 0;
}
