using System.Collections.Concurrent;
using CertOperator.Acme.Accounts;
using CertOperator.Acme.Challenges;
using CertOperator.Acme.Errors;
using CertOperator.Acme.Jose;
using CertOperator.Acme.Protocol;
using CertOperator.Api;
using CertOperator.Challenges;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;
using CertOperator.Secrets;

namespace CertOperator.Issuers.Acme;

/// <summary>An account that can be used now.</summary>
/// <param name="Client">Speaks to its server.</param>
/// <param name="Account">Who asks.</param>
/// <param name="Status">What is told of it.</param>
/// <param name="Advice">What could not be done for it although it can be used; null if nothing.</param>
internal sealed record AccountAccess(AcmeClient Client, AcmeAccount Account, AcmeStatus Status, string? Advice = null);

/// <summary>
/// The accounts of ACME issuers: one for each issuer, registered when it is needed first. What is true is asked of the Secret and of
/// the CA once after each start; a status that was written by somebody else is not believed.
/// </summary>
internal sealed class AcmeAccounts(IKubeClient client, AcmeServers servers, string operatorNamespace, TimeProvider time)
{
    /// <summary>A key is not kept in memory for longer than this without being used.</summary>
    private static readonly TimeSpan IdleTime = TimeSpan.FromMinutes(5);

    /// <summary>A CA that forgets its accounts all the time is not asked for a new one each time.</summary>
    private static readonly TimeSpan ForgettingTime = TimeSpan.FromHours(1);

    /// <summary>Of the annotation's value, which is repeated in status.</summary>
    private const int MaxRolloverBytes = 64;

    private const int MostIdentities = 32;

    private readonly ConcurrentDictionary<string, Desk> _desks = [];

    /// <summary>The account of an issuer is not what its status says any more. Subscribers must not block.</summary>
    public event Action<IIssuerObject>? Changed;

    /// <summary>The account, registered if need be; several callers at once register it once.</summary>
    /// <param name="issuer">Whose.</param>
    /// <param name="maintain">Looks at the Secret anew, changes the key and the contact where that is asked for.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <exception cref="AccountException">The issuer is not set up well.</exception>
    /// <exception cref="AcmeException">The CA refused or did not answer.</exception>
    public async Task<AccountAccess> OpenAsync(IIssuerObject issuer, bool maintain, CancellationToken cancel)
    {
        DropIdleKeys();
        Desk desk = _desks.GetOrAdd(Key(issuer), _ => new Desk());
        await desk.Turn.WaitAsync(cancel);
        try
        {
            desk.LastUsed = time.GetTimestamp();
            if (desk.Generation != issuer.Metadata.Generation)
                (desk.Access, desk.Refusal, desk.Generation) = (null, null, issuer.Metadata.Generation);
            if (!maintain && desk.Access is { } open)
                return open;
            // Many may be waiting for their turn to ask what the CA has just asked to be spared.
            if (desk.Refusal is { } refusal && refusal.NotBefore > time.GetUtcNow())
                throw new AcmeException(refusal);
            AccountAccess access = await OpenAsync(issuer, desk, maintain, cancel);
            (desk.Access, desk.Refusal) = (access, null);
            return access;
        }
        catch (AcmeException failure)
        {
            desk.Refusal = failure.Failure;
            throw;
        }
        finally
        {
            desk.Turn.Release();
        }
    }

    /// <summary>
    /// The CA does not know the account any more: it is looked for, or registered again, when it is needed next. False if that happened
    /// just before.
    /// </summary>
    public bool Forget(IIssuerObject issuer, AcmeAccount account)
    {
        if (!_desks.TryGetValue(Key(issuer), out Desk? desk) || !desk.TryForget(account, time.GetUtcNow(), ForgettingTime))
            return false;
        Changed?.Invoke(issuer);
        return true;
    }

    /// <summary>Where the Secrets of an issuer are: a ClusterIssuer's are in the operator's namespace.</summary>
    public string NamespaceOf(IIssuerObject issuer) => issuer.Metadata.Namespace ?? operatorNamespace;

    private async Task<AccountAccess> OpenAsync(IIssuerObject issuer, Desk desk, bool maintain, CancellationToken cancel)
    {
        AcmeIssuerSpec spec = issuer.Spec!.Acme!;
        AcmeClient server = servers.For(issuer);
        var keys = new AccountKeySecret(client, spec, NamespaceOf(issuer));
        var (key, next) = await keys.ReadOrCreateAsync(cancel);

        string? advice = null;
        string? asked = issuer.Metadata.Annotations?.GetValueOrDefault(Annotations.RolloverAccountKey) is { } value ? Utf8.Cut(value, MaxRolloverBytes) : null;
        string? obeyed = desk.Obeyed ?? issuer.Status?.Acme?.LastRollover;
        bool isNew = issuer.Status?.Acme?.Uri is null && desk.Registered is null;
        if (maintain && (next is not null || (asked is not null && asked != obeyed && !isNew)))
        {
            var change = new KeyRollover(server, keys, (known, token) => FindAsync(server, issuer, known, token));
            (LocalAccountKey? changed, advice) = await change.RunAsync(key, next, cancel);
            key = changed ?? key;
            if (changed is not null)
                (desk.Obeyed, desk.Registered) = (asked, null);
        }
        else if (isNew)
        {
            desk.Obeyed = asked;
        }

        Registered registered = desk.Registered is { } known && known.IsFor(spec, key)
            ? known
            : await RegisterAsync(server, issuer, key, cancel);
        registered = await UpdateContactAsync(server, spec, key, registered, cancel);
        // Read anew once an hour: terms change.
        if (maintain)
            registered = registered with { Directory = await server.GetDirectoryAsync(cancel) };
        desk.Registered = registered;
        return new AccountAccess(server, new AcmeAccount(registered.Url, key), StatusOf(spec, registered, desk.Obeyed ?? obeyed), advice);
    }

    private async Task<Registered> RegisterAsync(AcmeClient server, IIssuerObject issuer, LocalAccountKey key, CancellationToken cancel)
    {
        AcmeIssuerSpec spec = issuer.Spec!.Acme!;
        AccountResource found = await FindAsync(server, issuer, key, cancel);
        if (found.Status is AccountStatus.Deactivated or AccountStatus.Revoked)
        {
            throw new AccountException("AccountDeactivated",
                $"The CA says that the account of {issuer.Kind}/{issuer.Metadata.Name} is {found.Status.ToString().ToLowerInvariant()}: name another privateKeySecretRef to have a new account made.");
        }

        // What an account that existed was registered with is not known, unless the status tells.
        string? email = found.IsNew ? spec.Email : issuer.Status?.Acme is { } told && told.Uri == found.Account.Url.OriginalString ? told.LastRegisteredEmail : spec.Email;
        return new Registered(spec.Server, key.Thumbprint, found.Account.Url, email, await server.GetDirectoryAsync(cancel));
    }

    /// <summary>The account of a key, made if it may be.</summary>
    private async Task<AccountResource> FindAsync(AcmeClient server, IIssuerObject issuer, LocalAccountKey key, CancellationToken cancel)
        => MayRegister(issuer, key)
            ? await server.Accounts.RegisterAsync(key, await RegistrationAsync(issuer, cancel), cancel)
            : await server.Accounts.FindAsync(key, cancel) ?? throw new AccountException("AccountGone",
                $"The CA at {server.DirectoryUrl.Host} does not know the account {issuer.Status!.Acme!.Uri} any more: it was ended there, for a public CA forgets none. Name another privateKeySecretRef to have a new account made, or set acme.registerAgain to have one made for the same key.");

    /// <summary>Whether an account may be made for a key: not for one that had one at the same server, unless that server forgets some.</summary>
    private static bool MayRegister(IIssuerObject issuer, LocalAccountKey key)
    {
        AcmeIssuerSpec spec = issuer.Spec!.Acme!;
        bool hadOne = issuer.Status?.Acme is { Uri: { } uri } told && told.KeyThumbprint == key.Thumbprint && IsSameHost(uri, spec.Server);
        return !hadOne || (spec.RegisterAgain ?? !PublicServers.Contains(spec.Server));
    }

    private static bool IsSameHost(string one, string other)
        => Uri.TryCreate(one, UriKind.Absolute, out Uri? a) && Uri.TryCreate(other, UriKind.Absolute, out Uri? b) && a.Host == b.Host;

    private static async Task<Registered> UpdateContactAsync(AcmeClient server, AcmeIssuerSpec spec, LocalAccountKey key, Registered registered, CancellationToken cancel)
    {
        if (registered.Email == spec.Email)
            return registered;
        await server.Accounts.UpdateContactsAsync(new AcmeAccount(registered.Url, key), spec.Email is { } email ? [email] : [], cancel);
        return registered with { Email = spec.Email };
    }

    private async Task<Registration> RegistrationAsync(IIssuerObject issuer, CancellationToken cancel)
    {
        AcmeIssuerSpec spec = issuer.Spec!.Acme!;
        return new Registration
        {
            Emails = spec.Email is { } email ? [email] : [],
            // Whoever names a server as an issuer wants its certificates, and there are none without its terms.
            AgreesToTerms = true,
            ExternalAccount = spec.ExternalAccountBinding is { } binding ? await ReadBindingAsync(issuer, binding, cancel) : null,
        };
    }

    private async Task<ExternalAccountBinding> ReadBindingAsync(IIssuerObject issuer, ExternalAccountBindingSpec spec, CancellationToken cancel)
    {
        try
        {
            var secrets = new SecretValues(client, NamespaceOf(issuer));
            string mac = await secrets.ReadAsync(spec.KeySecretRef, "secret", "the MAC key of the external account", cancel);
            return new ExternalAccountBinding(spec.KeyID, mac);
        }
        catch (SecretValueException missing)
        {
            throw new AccountException("ExternalAccountKeyMissing", missing.Message);
        }
        catch (ArgumentException unusable)
        {
            throw new AccountException("ExternalAccountKeyUnusable", unusable.Message);
        }
    }

    private static AcmeStatus StatusOf(AcmeIssuerSpec spec, Registered registered, string? rollover) => new()
    {
        Uri = registered.Url.OriginalString,
        KeyThumbprint = registered.Thumbprint,
        DnsLabel = spec.Solvers?.Any(solver => SolverSelection.TypeOf(solver) == SolverSelection.DnsAccount01) == true ? Dns01.AccountLabel(registered.Url) : null,
        LastRegisteredEmail = registered.Email,
        CaaIdentities = registered.Directory.CaaIdentities is { Count: > 0 } identities ? [.. identities.Take(MostIdentities)] : null,
        TermsOfService = registered.Directory.TermsOfService is { OriginalString.Length: <= 2048 } terms ? terms.OriginalString : null,
        LastRollover = rollover,
    };

    private void DropIdleKeys()
    {
        foreach (Desk desk in _desks.Values)
        {
            if (time.GetElapsedTime(desk.LastUsed) > IdleTime)
                desk.Access = null;
        }
    }

    private static string Key(IIssuerObject issuer) => issuer.Metadata.Uid ?? $"{issuer.Kind}/{issuer.Metadata.Namespace}/{issuer.Metadata.Name}";

    /// <summary>An account that the CA confirmed.</summary>
    private sealed record Registered(string Server, string Thumbprint, Uri Url, string? Email, AcmeDirectory Directory)
    {
        public bool IsFor(AcmeIssuerSpec spec, LocalAccountKey key) => Server == spec.Server && Thumbprint == key.Thumbprint;
    }

    /// <summary>What is known of one issuer's account; changed in turn.</summary>
    private sealed class Desk
    {
        private DateTimeOffset? _forgotten;

        public SemaphoreSlim Turn { get; } = new(1);

        public AccountAccess? Access { get; set; }

        public long? Generation { get; set; }

        /// <summary>What the CA said last, if it refused.</summary>
        public AcmeFailure? Refusal { get; set; }

        public Registered? Registered { get; set; }

        public string? Obeyed { get; set; }

        public long LastUsed { get; set; }

        public bool TryForget(AcmeAccount account, DateTimeOffset now, TimeSpan atMostEach)
        {
            if (Registered?.Url.OriginalString != account.Url.OriginalString)
                return true; // Somebody else noticed it first.
            if (_forgotten is { } last && now - last < atMostEach)
                return false;
            (_forgotten, Access, Registered) = (now, null, null);
            return true;
        }
    }
}
