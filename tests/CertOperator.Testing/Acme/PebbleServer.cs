using System.Net;
using System.Net.Http.Json;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using CertOperator.Testing.Api;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Processes;
using Xunit;

namespace CertOperator.Testing.Acme;

/// <summary>
/// A real Pebble with its own <see cref="ChallengeTestServer"/>, on loopback, in a temporary folder. Its state, accounts
/// included, lives as long as the process.
/// </summary>
public sealed class PebbleServer : IAsyncDisposable
{
    private readonly PebbleOptions _options;
    private readonly string _folder = Directory.CreateTempSubdirectory("cert-operator-pebble-").FullName;
    private readonly X509Certificate2 _certificate = LoopbackCertificate.Create();
    private readonly HttpClient _http;
    private readonly Uri _management;
    private ServerProcess? _process;

    private PebbleServer(PebbleOptions options, ChallengeTestServer challenges)
    {
        _options = options;
        Challenges = challenges;
        Trust = X509CertificateLoader.LoadCertificate(_certificate.RawData);
        var ports = FreePorts.Take(2);
        DirectoryUrl = new Uri($"https://127.0.0.1:{ports[0]}/dir");
        _management = new Uri($"https://127.0.0.1:{ports[1]}");
        _http = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = Testing.Trust.Only(TrustPem) },
        });
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("cert-operator-tests");
        WriteFiles();
    }

    /// <summary>The version of Debian's package, for instance 2.10.0.</summary>
    public static Version Version => ReadVersion();

    /// <summary>Where clients begin (RFC 8555 section 7.1.1).</summary>
    public Uri DirectoryUrl { get; }

    /// <summary>The certificate by which its HTTPS is trusted; not a root of what it issues.</summary>
    public X509Certificate2 Trust { get; }

    /// <summary><see cref="Trust"/> in PEM.</summary>
    public string TrustPem => Trust.ExportCertificatePem();

    /// <summary>What Pebble sees when it validates, unless options name other servers.</summary>
    public ChallengeTestServer Challenges { get; }

    /// <exception cref="MissingPartException">Pebble is not on this machine.</exception>
    public static Task<PebbleServer> StartAsync(PebbleOptions? options = null) =>
        ServerStart.RetryAsync(() => StartOnceAsync(options ?? new PebbleOptions()));

    /// <summary>Skips the test, with the reason, when this Pebble is older than what it needs.</summary>
    public static void Require(string version, string feature) =>
        Assert.SkipWhen(Version < Version.Parse(version), $"Pebble {Version} is here; {feature} needs {version}.");

    /// <summary>Ends the process; nothing answers at its URLs until <see cref="RestartAsync"/>.</summary>
    public Task StopAsync() => _process!.KillAsync();

    /// <summary>Ends the process and starts another at the same URLs: accounts, orders, nonces and roots are lost.</summary>
    public async Task RestartAsync()
    {
        await _process!.DisposeAsync();
        await StartProcessAsync();
    }

    /// <summary>The roots of the chains that it issues: the default one first, then the alternates.</summary>
    public async Task<X509Certificate2Collection> RootsAsync()
    {
        var roots = new X509Certificate2Collection();
        for (var i = 0; i <= _options.AlternateRoots; i++)
        {
            roots.ImportFromPem(await _http.GetStringAsync(new Uri(_management, $"/roots/{i}")));
        }

        return roots;
    }

    /// <summary>Whether the CA holds a certificate for revoked.</summary>
    public async Task<bool> IsRevokedAsync(X509Certificate2 certificate)
    {
        var serial = Convert.ToHexStringLower(certificate.SerialNumberBytes.Span).TrimStart('0');
        var status = await _http.GetFromJsonAsync<JsonObject>(new Uri(_management, $"/cert-status-by-serial/{serial}"));
        return (string?)status?["Status"] == "Revoked";
    }

    /// <summary>What renewalInfo (RFC 9773) answers for a certificate from now on; any text, also a malformed one. Needs 2.8.</summary>
    public async Task SetRenewalInfoAsync(X509Certificate2 certificate, string answer)
    {
        var body = new JsonObject { ["Certificate"] = certificate.ExportCertificatePem(), ["ARIResponse"] = answer };
        using var response = await _http.PostAsJsonAsync(new Uri(_management, "/set-renewal-info/"), body);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>How many requests of clients it has taken, by its log.</summary>
    public int CountRequests() => ReadLog().Split('\n').Count(line => line.EndsWith("-> calling handler()", StringComparison.Ordinal));

    public string ReadLog() => _process!.ReadLog();

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        await Challenges.DisposeAsync();
        _http.Dispose();
        _certificate.Dispose();
        Trust.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<PebbleServer> StartOnceAsync(PebbleOptions options)
    {
        var server = new PebbleServer(options, await ChallengeTestServer.StartAsync());
        try
        {
            await server.StartProcessAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    private static Version ReadVersion()
    {
        var line = File.ReadLines(TestCache.Versions("acme")).Single(l => l.StartsWith("pebble ", StringComparison.Ordinal));
        return Version.Parse(line["pebble ".Length..].Split('+', '-', '~')[0]);
    }

    private void WriteFiles()
    {
        File.WriteAllText(InFolder("tls.crt"), TrustPem);
        File.WriteAllText(InFolder("tls.key"), _certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        var configuration = PebbleConfiguration.File(_options, Challenges, DirectoryUrl, _management, InFolder("tls.crt"), InFolder("tls.key"));
        File.WriteAllText(InFolder("pebble.json"), configuration.ToJsonString());
    }

    private string InFolder(string file) => Path.Combine(_folder, file);

    private async Task StartProcessAsync()
    {
        string[] arguments = ["-config", InFolder("pebble.json"), "-dnsserver", _options.DnsServer ?? Challenges.Dns.ToString()];
        _process = ServerProcess.Start(
            TestCache.Pebble, _options.Strict ? [.. arguments, "-strict"] : arguments, InFolder("pebble.log"), PebbleConfiguration.Environment(_options));
        await ServerStart.ReadyAsync(_process, "Pebble answers", AnswersAsync);
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var directory = await _http.GetAsync(DirectoryUrl);
            using var roots = await _http.GetAsync(new Uri(_management, "/roots/0"));
            return directory.StatusCode == HttpStatusCode.OK && roots.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
