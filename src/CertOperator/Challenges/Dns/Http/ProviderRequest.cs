using System.Net.Http.Headers;
using CertOperator.Telemetry;

namespace CertOperator.Challenges.Dns.Http;

/// <summary>A call to a provider. A class, not a record: its text must not show headers and body.</summary>
internal sealed class ProviderRequest(HttpMethod method, Uri url)
{
    /// <summary>Who is called, for people.</summary>
    public required string Provider { get; init; }

    /// <summary>What is tried, for people: <c>find the zone example.com</c>.</summary>
    public required string Purpose { get; init; }

    /// <summary>What must not be repeated in a message.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>The address comes from the settings of an issuer.</summary>
    public bool IsUsersEndpoint { get; init; }

    /// <summary>PEM of the only CAs that are trusted; null for the system's.</summary>
    public byte[]? CaBundle { get; init; }

    public HttpMethod Method => method;

    public Uri Url => url;

    public Dictionary<string, string> Headers { get; } = [];

    public byte[]? Body { get; set; }

    public string ContentType { get; set; } = "application/json";

    public HttpRequestMessage ToMessage()
    {
        var message = new HttpRequestMessage(method, url);
        foreach (var (name, value) in Headers)
            message.Headers.TryAddWithoutValidation(name, value);
        message.Headers.UserAgent.ParseAdd(Product.UserAgent);
        if (Body is not null)
        {
            message.Content = new ByteArrayContent(Body);
            message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(ContentType);
        }

        return message;
    }
}
