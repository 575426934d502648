using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CertOperator.Acme.Errors;
using CertOperator.Acme.Jose;
using CertOperator.Acme.Protocol;
using CertOperator.Acme.Protocol.Wire;

namespace CertOperator.Acme.Accounts;

/// <summary>Everything that is done with accounts (RFC 8555 section 7.3).</summary>
public sealed class AccountOperations
{
    private readonly AcmeSession _session;

    internal AccountOperations(AcmeSession session) => _session = session;

    /// <summary>
    /// The account of a key, made if need be. Store the key first. May be repeated after a lost answer. With an external account it is
    /// looked up before it is made, because many CAs refuse the credentials of an account that exists.
    /// </summary>
    public async Task<AccountResource> RegisterAsync(AccountKey key, Registration registration, CancellationToken cancellationToken = default)
    {
        var directory = await _session.Directory.GetAsync(cancellationToken).ConfigureAwait(false);
        if (registration.ExternalAccount is not null && await FindAsync(key, cancellationToken).ConfigureAwait(false) is { } known) return known;
        if (registration.ExternalAccount is null && directory.ExternalAccountRequired)
            return await FindAsync(key, cancellationToken).ConfigureAwait(false) ?? throw ExternalAccountRequired(directory);
        return await PostNewAccountAsync(key, url => new NewAccountPayload
        {
            Contact = registration.Emails.Count == 0 ? null : Contacts(registration.Emails),
            TermsOfServiceAgreed = registration.AgreesToTerms ? true : null,
            ExternalAccountBinding = registration.ExternalAccount is { } external ? Json(external.Sign(key, url)) : null,
        }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The account of a key; null if the CA has none (section 7.3.1).</summary>
    public async Task<AccountResource?> FindAsync(AccountKey key, CancellationToken cancellationToken = default)
    {
        try
        {
            return await PostNewAccountAsync(key, _ => new NewAccountPayload { OnlyReturnExisting = true }, cancellationToken).ConfigureAwait(false);
        }
        catch (AcmeException failure) when (failure.Failure.IsAccountGone)
        {
            return null;
        }
    }

    public async Task<AccountResource> GetAsync(AcmeAccount account, CancellationToken cancellationToken = default)
        => Read(await _session.PostAsync(AcmeCall.Read(AcmeStage.Account, account.Url, account), cancellationToken).ConfigureAwait(false), account);

    /// <summary>Replaces the e-mail addresses; what comes back need not show them (section 7.3.2).</summary>
    public Task<AccountResource> UpdateContactsAsync(AcmeAccount account, IReadOnlyList<string> emails, CancellationToken cancellationToken = default)
        => PostAsync(account, new NewAccountPayload { Contact = Contacts(emails) }, WireJson.Default.NewAccountPayload, cancellationToken);

    /// <summary>Agrees to terms that have changed (section 7.3.3).</summary>
    public Task<AccountResource> AgreeToTermsAsync(AcmeAccount account, CancellationToken cancellationToken = default)
        => PostAsync(account, new NewAccountPayload { TermsOfServiceAgreed = true }, WireJson.Default.NewAccountPayload, cancellationToken);

    /// <summary>
    /// Gives the account another key (section 7.3.5). Store the new key beside the old one first, and delete the old one only after this
    /// returned: it asks the CA which key it has when the answer is lost.
    /// </summary>
    public async Task<AcmeAccount> RolloverKeyAsync(AcmeAccount account, AccountKey newKey, CancellationToken cancellationToken = default)
    {
        try
        {
            await ChangeKeyAsync(account, newKey, cancellationToken).ConfigureAwait(false);
        }
        catch (AcmeException)
        {
            // A second attempt after a lost answer is refused in as many ways as there are servers; only the account tells.
            var owner = await FindAsync(newKey, cancellationToken).ConfigureAwait(false);
            if (owner?.Account.Url.OriginalString != account.Url.OriginalString) throw;
        }
        return account with { Key = newKey };
    }

    /// <summary>Ends the account for good (section 7.3.6).</summary>
    public async Task DeactivateAsync(AcmeAccount account, CancellationToken cancellationToken = default)
    {
        try
        {
            await PostAsync(account, new StatusPayload("deactivated"), WireJson.Default.StatusPayload, cancellationToken).ConfigureAwait(false);
        }
        catch (AcmeException failure) when (failure.Failure.Problem?.Type == ProblemTypes.Unauthorized)
        {
            // So answers an account that was deactivated before; any other cause shows here too.
            if (await IsUsableAsync(account, cancellationToken).ConfigureAwait(false)) throw;
        }
    }

    /// <summary>The addresses of the account's orders (section 7.1.2.1); none where the CA lists none.</summary>
    public async IAsyncEnumerable<Uri> ListOrdersAsync(AcmeAccount account, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var next = (await GetAsync(account, cancellationToken).ConfigureAwait(false)).Orders;
        for (var page = 0; next is not null && page < AcmeLimits.OrderPages; page++)
        {
            var reply = await _session.PostAsync(AcmeCall.Read(AcmeStage.Account, next, account), cancellationToken).ConfigureAwait(false);
            var list = WireReader.Read(AcmeStage.Account, reply, WireJson.Default.WireOrderList);
            foreach (var order in (list.Orders ?? []).Select(text => AcmeUri.Parse(text, _session.AllowHttp)).OfType<Uri>()) yield return order;
            next = reply.Link("next");
        }
    }

    // The inner JWS proves that the new key is ours; it has no nonce of its own.
    private async Task ChangeKeyAsync(AcmeAccount account, AccountKey newKey, CancellationToken cancel)
    {
        var directory = await _session.Directory.GetAsync(cancel).ConfigureAwait(false);
        var url = directory.KeyChange ?? throw Failures.Unsupported(AcmeStage.KeyChange, directory.Url, "to change account keys");
        var change = new KeyChangePayload(account.Url.OriginalString, Json(Encoding.UTF8.GetBytes(account.Key.PublicJwk)));
        var payload = JsonSerializer.SerializeToUtf8Bytes(change, WireJson.Default.KeyChangePayload);
        var inner = await Jws.SignAsync(newKey, account: null, nonce: null, url, payload, cancel).ConfigureAwait(false);
        await _session.PostAsync(new AcmeCall(AcmeStage.KeyChange, url, inner, account.Key, account.Url), cancel).ConfigureAwait(false);
    }

    private async Task<bool> IsUsableAsync(AcmeAccount account, CancellationToken cancel)
    {
        try
        {
            return (await GetAsync(account, cancel).ConfigureAwait(false)).Status == AccountStatus.Valid;
        }
        catch (AcmeException failure) when (failure.Failure.Problem?.Type == ProblemTypes.Unauthorized)
        {
            return false;
        }
    }

    private async Task<AccountResource> PostNewAccountAsync(AccountKey key, Func<Uri, NewAccountPayload> payload, CancellationToken cancel)
    {
        var reply = await _session.PostAsync(
            directory => directory.NewAccount,
            url => new AcmeCall(AcmeStage.NewAccount, url, JsonSerializer.SerializeToUtf8Bytes(payload(url), WireJson.Default.NewAccountPayload), key, Account: null) { IsRepeatable = true },
            cancel).ConfigureAwait(false);
        var url = reply.Location ?? throw Failures.Unreadable(AcmeStage.NewAccount, reply.Url, "the answer has no Location");
        return Read(reply, new AcmeAccount(url, key)) with { IsNew = reply.Status == 201 };
    }

    private async Task<AccountResource> PostAsync<T>(AcmeAccount account, T payload, JsonTypeInfo<T> type, CancellationToken cancel)
    {
        var call = new AcmeCall(AcmeStage.Account, account.Url, JsonSerializer.SerializeToUtf8Bytes(payload, type), account.Key, account.Url) { IsRepeatable = true };
        return Read(await _session.PostAsync(call, cancel).ConfigureAwait(false), account);
    }

    // Every member may be missing, and so may the whole body.
    private AccountResource Read(AcmeReply reply, AcmeAccount account)
    {
        if (reply.Body.Length == 0) return new AccountResource(account, AccountStatus.Unknown);
        var wire = WireReader.Read(AcmeStage.Account, reply, WireJson.Default.WireAccount);
        return new AccountResource(account, wire.Status switch
        {
            "valid" => AccountStatus.Valid,
            "deactivated" => AccountStatus.Deactivated,
            "revoked" => AccountStatus.Revoked,
            _ => AccountStatus.Unknown,
        })
        {
            Contacts = [.. (wire.Contact ?? []).OfType<string>().Take(AcmeLimits.Links).Select(contact => PrintableText.Clean(contact, 320))],
            Orders = AcmeUri.Parse(wire.Orders, _session.AllowHttp),
        };
    }

    private static string[] Contacts(IReadOnlyList<string> emails) => [.. emails.Select(email => $"mailto:{email.Trim()}")];

    private static JsonElement Json(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    private static AcmeException ExternalAccountRequired(AcmeDirectory directory) => new(new AcmeFailure(
        FailureClass.NeedsUser, Fault.Issuer, AcmeStage.NewAccount,
        $"{Failures.Host(directory.Url)} wants an external account, and the issuer names none. Get its credentials from the CA and name them in the issuer.")
    {
        Problem = new AcmeProblem(ProblemTypes.ExternalAccountRequired, ""),
        Url = directory.NewAccount,
        Help = directory.Website,
    });
}
