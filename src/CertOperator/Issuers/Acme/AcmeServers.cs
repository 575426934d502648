using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using CertOperator.Acme.Protocol;
using CertOperator.Api;
using CertOperator.Telemetry;

namespace CertOperator.Issuers.Acme;

/// <summary>One client for each server, and each way of trusting it; issuers that agree on both share it.</summary>
internal sealed class AcmeServers(bool allowPrivate, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan IdleTime = TimeSpan.FromHours(6);

    private readonly ConcurrentDictionary<string, Held> _clients = [];

    /// <exception cref="AccountException">The server or the CA bundle cannot be read.</exception>
    public AcmeClient For(IIssuerObject issuer)
    {
        AcmeIssuerSpec spec = issuer.Spec!.Acme!;
        // Whoever may create an Issuer must not reach into the cluster's network by it; a ClusterIssuer is an administrator's.
        bool refusesPrivate = issuer is Issuer && !allowPrivate;
        string key = $"{spec.Server} {refusesPrivate} {spec.SkipTLSVerify == true} {Convert.ToHexString(SHA256.HashData(spec.CaBundle ?? []))}";
        DropIdle();
        Held held = _clients.GetOrAdd(key, _ => new Held(new Lazy<AcmeClient>(() => Create(spec, refusesPrivate))) { LastUsed = time.GetTimestamp() });
        held.LastUsed = time.GetTimestamp();
        return held.Client.Value;
    }

    public void Dispose()
    {
        foreach (Held held in _clients.Values.Where(held => held.Client.IsValueCreated))
            held.Client.Value.Dispose();
    }

    private AcmeClient Create(AcmeIssuerSpec spec, bool refusesPrivate)
    {
        if (!Uri.TryCreate(spec.Server, UriKind.Absolute, out Uri? directory) || directory.Scheme != Uri.UriSchemeHttps)
            throw new AccountException("InvalidSpec", "acme.server is no https URL: give that of the server's directory.");
        return new AcmeClient(
            directory,
            new AcmeClientOptions
            {
                UserAgent = Product.UserAgent,
                Trust = spec.CaBundle is { } bundle ? Read(bundle) : null,
                VerifiesServer = spec.SkipTLSVerify != true,
                RefusePrivateAddresses = refusesPrivate,
            },
            time);
    }

    private static X509Certificate2Collection Read(byte[] bundle)
    {
        var roots = new X509Certificate2Collection();
        try
        {
            roots.ImportFromPem(Encoding.UTF8.GetString(bundle));
        }
        catch (CryptographicException)
        {
            roots.Clear();
        }

        return roots.Count > 0 ? roots : throw new AccountException("InvalidCaBundle", "acme.caBundle holds no certificate in PEM: give the base64 of one or more.");
    }

    /// <summary>Tenants can name as many servers as they like.</summary>
    private void DropIdle()
    {
        foreach (var (key, held) in _clients)
        {
            if (time.GetElapsedTime(held.LastUsed) > IdleTime && _clients.TryRemove(key, out _) && held.Client.IsValueCreated)
                held.Client.Value.Dispose();
        }
    }

    private sealed class Held(Lazy<AcmeClient> client)
    {
        public Lazy<AcmeClient> Client { get; } = client;

        public long LastUsed { get; set; }
    }
}
