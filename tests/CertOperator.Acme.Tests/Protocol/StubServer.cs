using System.Net;
using System.Text;

namespace CertOperator.Acme.Tests.Protocol;

/// <summary>The least that a client takes for a server: a directory, a nonce with every reply, and one body for everything else.</summary>
internal sealed class StubServer(byte[] body, string mediaType = "application/json") : HttpMessageHandler
{
    public static readonly Uri Directory = new("https://ca.example/directory");

    private const string DirectoryJson = """
        {"newNonce":"https://ca.example/nonce","newAccount":"https://ca.example/account","newOrder":"https://ca.example/order",
         "newAuthz":"https://ca.example/authz","renewalInfo":"https://ca.example/renewal","revokeCert":"https://ca.example/revoke"}
        """;

    /// <summary>Whether the body is sent as the directory too.</summary>
    public bool IsDirectory { get; init; }

    public HttpStatusCode Status { get; init; } = HttpStatusCode.OK;

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string> { ["Location"] = "https://ca.example/made/1" };

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var isDirectory = request.RequestUri!.OriginalString == Directory.OriginalString && !IsDirectory;
        var isNonce = request.Method == HttpMethod.Head;
        var response = new HttpResponseMessage(isDirectory || isNonce ? HttpStatusCode.OK : Status)
        {
            Content = new ByteArrayContent(isDirectory ? Encoding.UTF8.GetBytes(DirectoryJson) : isNonce ? [] : body),
        };
        response.Content.Headers.TryAddWithoutValidation("Content-Type", mediaType);
        response.Headers.TryAddWithoutValidation("Replay-Nonce", "bm9uY2U");
        foreach (var (name, value) in Headers) response.Headers.TryAddWithoutValidation(name, value);
        return Task.FromResult(response);
    }
}
