using System.Net.Http.Headers;

namespace CertOperator.Runtime.Client.Http;

/// <summary>One call. A class, not a record: its text must not show the body.</summary>
internal sealed class KubeRequest
{
    public required HttpMethod Method { get; init; }

    /// <summary>What is tried, as a word for people: <c>read</c>, <c>apply the status of</c>.</summary>
    public required string Verb { get; init; }

    public required ResourceType Type { get; init; }

    /// <summary>The object; null for all of a kind.</summary>
    public ObjectKey? Key { get; init; }

    /// <summary>Where to look for all of a kind; null for everywhere.</summary>
    public string? Namespace { get; init; }

    /// <summary>Empty, or <c>/status</c>.</summary>
    public string Subresource { get; init; } = "";

    /// <summary>Empty, or beginning with <c>?</c>.</summary>
    public string Query { get; init; } = "";

    public byte[]? Body { get; init; }

    public string ContentType { get; init; } = "application/json";

    /// <summary>Whether a 404 for the object is an answer and not an error.</summary>
    public bool MayBeAbsent { get; init; }

    /// <summary>Whether it may be sent twice.</summary>
    public bool IsRead => Method == HttpMethod.Get;

    /// <summary>Whether the answer is a stream of changes.</summary>
    public bool IsWatch { get; init; }

    /// <summary>What is tried with which object, for people: <c>create secrets shop/web-tls</c>.</summary>
    public string Purpose
        => Key is { } key ? $"{Verb} {Type} {ServerText.Clean(key.ToString(), [])}"
            : string.IsNullOrEmpty(Namespace) ? $"{Verb} {Type}"
            : $"{Verb} {Type} in {ServerText.Clean(Namespace, [])}";

    private string Path
        => Key is not { } key ? KubePath.Collection(Type, Namespace)
            : Method == HttpMethod.Post && Subresource.Length == 0 ? KubePath.Home(Type, key.Namespace)
            : KubePath.Object(Type, key) + Subresource;

    public HttpRequestMessage ToMessage(KubeConnection connection, AuthenticationHeaderValue? credentials, string userAgent)
    {
        var message = new HttpRequestMessage(Method, connection.Server.AbsoluteUri.TrimEnd('/') + Path + Query)
        {
            Version = System.Net.HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        message.Headers.Authorization = credentials;
        message.Headers.Host = connection.TlsServerName;
        message.Headers.UserAgent.ParseAdd(userAgent);
        message.Headers.Accept.ParseAdd("application/json");
        if (Body is not null)
        {
            message.Content = new ByteArrayContent(Body);
            message.Content.Headers.ContentType = new MediaTypeHeaderValue(ContentType);
        }

        return message;
    }
}
