using CertOperator.Acme.Accounts;
using CertOperator.Acme.Certificates;
using CertOperator.Acme.Orders;

namespace CertOperator.Acme.Protocol;

/// <summary>
/// Speaks to one ACME server. Long-lived, thread-safe, and shared by all accounts on that server; it remembers only the directory and
/// unused nonces. What goes wrong is an <see cref="Errors.AcmeException"/>, except that cancellation stays what it is.
/// </summary>
public sealed class AcmeClient : IDisposable
{
    private readonly AcmeSession _session;

    /// <param name="directory">The server's directory, exactly as its CA publishes it.</param>
    /// <param name="options">How to behave.</param>
    /// <param name="time">For time-outs, waits and the meaning of Retry-After.</param>
    public AcmeClient(Uri directory, AcmeClientOptions? options = null, TimeProvider? time = null)
    {
        _session = new AcmeSession(directory, options ?? new AcmeClientOptions(), time ?? TimeProvider.System);
        DirectoryUrl = directory;
        Accounts = new AccountOperations(_session);
        Orders = new OrderOperations(_session);
        Certificates = new CertificateOperations(_session);
    }

    public Uri DirectoryUrl { get; }

    internal bool AllowHttp => _session.AllowHttp;

    public AccountOperations Accounts { get; }

    public OrderOperations Orders { get; }

    public CertificateOperations Certificates { get; }

    /// <summary>What the server offers; read at most once an hour.</summary>
    public Task<AcmeDirectory> GetDirectoryAsync(CancellationToken cancellationToken = default) => _session.Directory.GetAsync(cancellationToken);

    public void Dispose() => _session.Dispose();
}
