using CertOperator.Testing.Acme.Faults;
using CertOperator.Testing.Acme.Protocol;
using CertOperator.Testing.Acme.State;

namespace CertOperator.Testing.Acme.Handlers;

/// <summary>Finds who serves a request; one request at a time.</summary>
internal sealed class Dispatcher : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private readonly Authenticator _authenticator;
    private readonly DirectoryHandler _directory;
    private readonly AccountHandler _accounts;
    private readonly AuthorizationHandler _authorizations;
    private readonly OrderHandler _orders;
    private readonly CertificateHandler _certificates;

    public Dispatcher(AcmeWorld world)
    {
        _authenticator = new Authenticator(world);
        _directory = new DirectoryHandler(world);
        _accounts = new AccountHandler(world);
        _authorizations = new AuthorizationHandler(world);
        _orders = new OrderHandler(world, _authorizations);
        _certificates = new CertificateHandler(world);
    }

    public async Task<AcmeReply> ServeAsync(AcmeCall call)
    {
        await _gate.WaitAsync();
        try
        {
            return call.Method == "POST" ? await PostAsync(call) : Read(call);
        }
        catch (Refusal refusal)
        {
            return refusal.Reply;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private AcmeReply Read(AcmeCall call) => (call.Method, call.Endpoint) switch
    {
        ("GET", AcmeEndpoint.Directory) => _directory.Get(),
        ("HEAD", AcmeEndpoint.NewNonce) => new AcmeReply(200).With("Cache-Control", "no-store"),
        ("GET", AcmeEndpoint.NewNonce) => new AcmeReply(204).With("Cache-Control", "no-store"),
        ("GET", AcmeEndpoint.RenewalInfo) => _certificates.RenewalInfo(call),
        (_, AcmeEndpoint.Unknown) => throw Refusal.NotFound("the page"),
        _ => throw Refusal.Of(405, "malformed", $"{call.Method} is not allowed here"),
    };

    private Task<AcmeReply> PostAsync(AcmeCall call) => call.Endpoint switch
    {
        AcmeEndpoint.Unknown => throw Refusal.NotFound("the page"),
        AcmeEndpoint.Directory or AcmeEndpoint.NewNonce or AcmeEndpoint.RenewalInfo => throw Refusal.Of(405, "malformed", "POST is not allowed here"),
        _ => ServeAsync(_authenticator.Authenticate(call)),
    };

    private async Task<AcmeReply> ServeAsync(SignedCall call) => call.Call.Endpoint switch
    {
        AcmeEndpoint.NewAccount => _accounts.Create(call),
        AcmeEndpoint.Account => _accounts.Update(call),
        AcmeEndpoint.Orders => _accounts.Orders(call),
        AcmeEndpoint.KeyChange => _accounts.ChangeKey(call),
        AcmeEndpoint.NewOrder => await _orders.CreateAsync(call),
        AcmeEndpoint.Order => await _orders.GetAsync(call),
        AcmeEndpoint.Finalize => await _orders.FinalizeAsync(call),
        AcmeEndpoint.Authorization => await _authorizations.GetAsync(call),
        AcmeEndpoint.Challenge => await _authorizations.AnswerAsync(call),
        AcmeEndpoint.Certificate => _certificates.Get(call),
        AcmeEndpoint.RevokeCertificate => _certificates.Revoke(call),
        var other => throw new InvalidOperationException($"Nobody serves {other}."),
    };
}
