using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CertOperator.Challenges.Dns.Http;

namespace CertOperator.Challenges.Dns.Clouds;

/// <summary>AWS Signature Version 4, as the header <c>Authorization</c>.</summary>
internal static class AwsSignature
{
    private const string Algorithm = "AWS4-HMAC-SHA256";
    private const string DateHeader = "X-Amz-Date";
    private const string TokenHeader = "X-Amz-Security-Token";

    /// <summary>Signs the request as it stands: every header that it has, and the host.</summary>
    public static void Sign(ProviderRequest request, CloudCredentials credentials, string region, string service, DateTimeOffset now)
    {
        string time = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        request.Headers[DateHeader] = time;
        if (credentials.Token is { } token)
            request.Headers[TokenHeader] = token;

        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["host"] = request.Url.Authority };
        foreach (var (name, value) in request.Headers)
            headers[name.ToLowerInvariant()] = value.Trim();
        if (request.Body is not null)
            headers["content-type"] = request.ContentType;

        string names = string.Join(';', headers.Keys);
        string canonical = string.Join('\n',
        [
            request.Method.Method, request.Url.AbsolutePath, Query(request.Url),
            .. headers.Select(header => $"{header.Key}:{header.Value}"), "",
            names, Hash(request.Body ?? []),
        ]);
        string scope = $"{time[..8]}/{region}/{service}/aws4_request";
        string toSign = string.Join('\n', Algorithm, time, scope, Hash(Encoding.UTF8.GetBytes(canonical)));
        byte[] key = Encoding.UTF8.GetBytes($"AWS4{credentials.SecretAccessKey}");
        foreach (string part in scope.Split('/'))
            key = Mac(key, part);
        request.Headers["Authorization"] =
            $"{Algorithm} Credential={credentials.AccessKeyId}/{scope}, SignedHeaders={names}, Signature={Convert.ToHexStringLower(Mac(key, toSign))}";
    }

    /// <summary>The parameters in the order of their encoded names.</summary>
    private static string Query(Uri url)
    {
        var parameters = url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(parameter => parameter.Split('=', 2))
            .Select(pair => (Name: Encode(pair[0]), Value: pair.Length > 1 ? Encode(pair[1]) : ""));
        return string.Join('&', parameters
            .OrderBy(pair => pair.Name, StringComparer.Ordinal).ThenBy(pair => pair.Value, StringComparer.Ordinal)
            .Select(pair => $"{pair.Name}={pair.Value}"));
    }

    private static string Encode(string text) => Uri.EscapeDataString(Uri.UnescapeDataString(text));

    private static string Hash(byte[] data) => Convert.ToHexStringLower(SHA256.HashData(data));

    private static byte[] Mac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}
