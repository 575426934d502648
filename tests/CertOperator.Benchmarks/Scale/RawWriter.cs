using System.Net.Http.Headers;
using System.Net.Security;
using System.Text;
using CertOperator.Testing;

namespace CertOperator.Benchmarks.Scale;

/// <summary>Writes to the API server as fast as it takes them: one HTTP/1.1 connection for each write in flight, no throttling.</summary>
internal sealed class RawWriter : IDisposable
{
    private readonly HttpClient _http;

    public RawWriter(Uri server, string authorities, string token)
    {
        _http = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = Trust.Only(authorities) },
        })
        { BaseAddress = server };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public Task CreateAsync(string collection, string json, CancellationToken cancel) =>
        SendAsync(HttpMethod.Post, collection, json, "application/json", cancel);

    /// <summary>Server-side apply; creates what is not there.</summary>
    public Task ApplyAsync(string path, string json, CancellationToken cancel) =>
        SendAsync(HttpMethod.Patch, $"{path}?fieldManager=benchmark&force=true", json, "application/apply-patch+yaml", cancel);

    public Task DeleteAsync(string path, CancellationToken cancel) => SendAsync(HttpMethod.Delete, path, null, "", cancel);

    public void Dispose() => _http.Dispose();

    private async Task SendAsync(HttpMethod method, string path, string? body, string mediaType, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, mediaType);
        using var response = await _http.SendAsync(request, cancel);
        if (!response.IsSuccessStatusCode)
        {
            throw new HttpRequestException($"{method} {path}: {await response.Content.ReadAsStringAsync(cancel)}", null, response.StatusCode);
        }
    }
}
