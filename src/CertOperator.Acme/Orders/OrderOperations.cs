using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using CertOperator.Acme.Accounts;
using CertOperator.Acme.Errors;
using CertOperator.Acme.Protocol;
using CertOperator.Acme.Protocol.Wire;

namespace CertOperator.Acme.Orders;

/// <summary>Everything that is done with orders, authorizations and challenges (RFC 8555 sections 7.4 and 7.5).</summary>
public sealed class OrderOperations
{
    private const int ParallelReads = 8;

    private static readonly byte[] EmptyObject = "{}"u8.ToArray();

    private readonly AcmeSession _session;

    internal OrderOperations(AcmeSession session) => _session = session;

    /// <summary>
    /// Orders a certificate. Store the URL before anything else is done with the order. The CA may give back an order that exists, and
    /// one that is ready.
    /// </summary>
    public async Task<Order> CreateAsync(AcmeAccount account, OrderRequest request, CancellationToken cancellationToken = default)
    {
        var names = request.Identifiers.Select(name => name.Canonical()).Distinct().OrderBy(name => name.Value, StringComparer.Ordinal).ToArray();
        var directory = await _session.Directory.GetAsync(cancellationToken).ConfigureAwait(false);
        var payload = JsonSerializer.SerializeToUtf8Bytes(Payload(names, request, directory), WireJson.Default.NewOrderPayload);
        var reply = await _session.PostAsync(
            known => known.NewOrder,
            url => new AcmeCall(AcmeStage.NewOrder, url, payload, account.Key, account.Url),
            cancellationToken).ConfigureAwait(false);
        var location = reply.Location ?? throw Failures.Unreadable(AcmeStage.NewOrder, reply.Url, "the answer has no Location");
        var order = ResourceReader.ReadOrder(AcmeStage.NewOrder, reply, location, _session.AllowHttp);
        return names.ToHashSet().SetEquals(order.Identifiers)
            ? order
            : throw Failures.Unreadable(AcmeStage.NewOrder, reply.Url, "the order is for other names than were asked for");
    }

    public async Task<Order> GetAsync(AcmeAccount account, Uri order, CancellationToken cancellationToken = default)
    {
        var reply = await _session.PostAsync(AcmeCall.Read(AcmeStage.Order, order, account), cancellationToken).ConfigureAwait(false);
        return ResourceReader.ReadOrder(AcmeStage.Order, reply, order, _session.AllowHttp);
    }

    public async Task<Authorization> GetAuthorizationAsync(AcmeAccount account, Uri authorization, CancellationToken cancellationToken = default)
    {
        using var activity = AcmeActivities.Step("read authorization");
        var reply = await _session.PostAsync(AcmeCall.Read(AcmeStage.Authorization, authorization, account), cancellationToken).ConfigureAwait(false);
        var read = ResourceReader.ReadAuthorization(reply, authorization, _session.AllowHttp);
        activity?.SetTag("acme.identifier", read.Identifier.Value).SetTag("acme.status", read.Status.ToString());
        return read;
    }

    /// <summary>Several authorizations, up to eight at a time; in the order of the addresses.</summary>
    public async Task<IReadOnlyList<Authorization>> GetAuthorizationsAsync(AcmeAccount account, IReadOnlyList<Uri> authorizations, CancellationToken cancellationToken = default)
    {
        var read = new Authorization[authorizations.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = ParallelReads, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, read.Length, parallel, async (index, cancel) =>
            read[index] = await GetAuthorizationAsync(account, authorizations[index], cancel).ConfigureAwait(false)).ConfigureAwait(false);
        return read;
    }

    /// <summary>Tells the CA that a challenge can be validated (section 7.5.1). Then ask for the authorization, not the challenge.</summary>
    public async Task<Challenge> AnswerAsync(AcmeAccount account, Uri challenge, CancellationToken cancellationToken = default)
    {
        var reply = await _session.PostAsync(new AcmeCall(AcmeStage.Challenge, challenge, EmptyObject, account.Key, account.Url), cancellationToken).ConfigureAwait(false);
        return ResourceReader.ReadChallenge(reply, _session.AllowHttp);
    }

    /// <summary>Gives up an authorization (section 7.5.2).</summary>
    public async Task<Authorization> DeactivateAuthorizationAsync(AcmeAccount account, Uri authorization, CancellationToken cancellationToken = default)
    {
        var payload = JsonSerializer.SerializeToUtf8Bytes(new StatusPayload("deactivated"), WireJson.Default.StatusPayload);
        var call = new AcmeCall(AcmeStage.Authorization, authorization, payload, account.Key, account.Url) { IsRepeatable = true };
        return ResourceReader.ReadAuthorization(await _session.PostAsync(call, cancellationToken).ConfigureAwait(false), authorization, _session.AllowHttp);
    }

    /// <summary>Asks for an authorization without an order (section 7.4.1); hardly any CA offers it.</summary>
    public async Task<Authorization> PreAuthorizeAsync(AcmeAccount account, Identifier identifier, CancellationToken cancellationToken = default)
    {
        var payload = JsonSerializer.SerializeToUtf8Bytes(new NewAuthorizationPayload(Wire(identifier.Canonical())), WireJson.Default.NewAuthorizationPayload);
        var reply = await _session.PostAsync(
            directory => directory.NewAuthorization ?? throw Failures.Unsupported(AcmeStage.Authorization, directory.Url, "authorizations without an order"),
            url => new AcmeCall(AcmeStage.Authorization, url, payload, account.Key, account.Url),
            cancellationToken).ConfigureAwait(false);
        var location = reply.Location ?? throw Failures.Unreadable(AcmeStage.Authorization, reply.Url, "the answer has no Location");
        return ResourceReader.ReadAuthorization(reply, location, _session.AllowHttp);
    }

    /// <summary>Sends the signing request (section 7.4). After a lost answer look at the order: never send it blindly twice.</summary>
    /// <param name="account">Whose order it is.</param>
    /// <param name="order">An order that is ready.</param>
    /// <param name="signingRequest">PKCS#10 in DER with exactly the order's names.</param>
    /// <param name="cancellationToken">Cancels the wait for the answer, not what the CA does.</param>
    public async Task<Order> FinalizeAsync(AcmeAccount account, Order order, ReadOnlyMemory<byte> signingRequest, CancellationToken cancellationToken = default)
    {
        var payload = JsonSerializer.SerializeToUtf8Bytes(new FinalizePayload(Base64Url.EncodeToString(signingRequest.Span)), WireJson.Default.FinalizePayload);
        var reply = await _session.PostAsync(new AcmeCall(AcmeStage.Finalize, order.Finalize, payload, account.Key, account.Url), cancellationToken).ConfigureAwait(false);
        return ResourceReader.ReadOrder(AcmeStage.Finalize, reply, order.Url, _session.AllowHttp);
    }

    private static NewOrderPayload Payload(IEnumerable<Identifier> names, OrderRequest request, AcmeDirectory directory) => new(
        [.. names.Select(Wire)],
        request.Profile,
        directory.RenewalInfo is null ? null : request.Replaces,
        Text(request.NotBefore),
        Text(request.NotAfter));

    private static WireIdentifier Wire(Identifier name) => new(name.Type, name.Value);

    private static string? Text(DateTimeOffset? time) => time?.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
