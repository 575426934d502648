using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Text;
using System.Text.Json.Nodes;

namespace CertOperator.Testing.Cluster;

/// <summary>
/// The Kubernetes REST API in plain JSON, by path. A refusal is an <see cref="HttpRequestException"/> with the status code
/// and the server's message.
/// </summary>
public sealed class ClusterClient : IDisposable
{
    private readonly HttpClient _http;

    internal ClusterClient(Uri address, string authorities, string token)
    {
        _http = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = Trust.Only(authorities) },
        })
        { BaseAddress = address };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Returns the object or list, or null when there is none.</summary>
    public async Task<JsonNode?> FindAsync(string path)
    {
        try
        {
            return await SendAsync(HttpMethod.Get, path);
        }
        catch (HttpRequestException e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>Returns the object or list.</summary>
    public Task<JsonNode> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    /// <summary>Returns the items of a list.</summary>
    public async Task<IReadOnlyList<JsonNode>> ListAsync(string path) =>
        [.. (await GetAsync(path))["items"]!.AsArray().Select(i => i!)];

    public Task<JsonNode> CreateAsync(string path, JsonNode item) =>
        SendAsync(HttpMethod.Post, path, item, "application/json");

    public Task<JsonNode> ReplaceAsync(string path, JsonNode item) =>
        SendAsync(HttpMethod.Put, path, item, "application/json");

    /// <summary>A JSON merge patch (RFC 7396).</summary>
    public Task<JsonNode> PatchAsync(string path, JsonNode patch) =>
        SendAsync(HttpMethod.Patch, path, patch, "application/merge-patch+json");

    /// <summary>
    /// What server-side apply would store, and what the server warns of; nothing is stored. A field that the server does not know is a
    /// refusal.
    /// </summary>
    public async Task<(JsonNode Item, IReadOnlyList<string> Warnings)> TryApplyAsync(string path, JsonNode item)
    {
        var query = "?dryRun=All&fieldValidation=Strict&force=true&fieldManager=test";
        using var response = await ExchangeAsync(HttpMethod.Patch, path + query, item, "application/apply-patch+yaml");
        string[] warnings = response.Headers.TryGetValues("Warning", out var values) ? [.. values] : [];
        return (await ReadAsync(response, path), warnings);
    }

    public Task DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path);

    /// <summary>Creates the object unless it is there already.</summary>
    public async Task CreateIfMissingAsync(string path, JsonNode item)
    {
        try
        {
            await CreateAsync(path, item);
        }
        catch (HttpRequestException e) when (e.StatusCode == HttpStatusCode.Conflict)
        {
            // It is there.
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonNode> SendAsync(HttpMethod method, string path, JsonNode? body = null, string mediaType = "")
    {
        using var response = await ExchangeAsync(method, path, body, mediaType);
        return await ReadAsync(response, path);
    }

    private async Task<HttpResponseMessage> ExchangeAsync(HttpMethod method, string path, JsonNode? body, string mediaType)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        request.Content = body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, mediaType);
        return await _http.SendAsync(request);
    }

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage response, string path)
    {
        var text = await response.Content.ReadAsStringAsync();
        if (response.IsSuccessStatusCode)
            return JsonNode.Parse(text)!;
        // What nobody serves is refused in plain text.
        var message = response.Content.Headers.ContentType?.MediaType == "application/json" ? (string?)JsonNode.Parse(text)!["message"] : text.Trim();
        throw new HttpRequestException($"{response.RequestMessage!.Method} {path}: {message}", null, response.StatusCode);
    }
}
