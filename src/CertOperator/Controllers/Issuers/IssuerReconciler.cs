using System.Text.Json;
using CertOperator.Api;
using CertOperator.Issuers;
using CertOperator.Issuers.Ca;
using CertOperator.Pki;
using CertOperator.Runtime.Caching;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Controllers;
using CertOperator.Runtime.Objects;
using CertOperator.Secrets;

namespace CertOperator.Controllers.Issuers;

/// <summary>What differs between Issuer and ClusterIssuer: how to write one's status.</summary>
internal delegate T WithStatus<T>(ObjectMeta metadata, IssuerStatus status);

/// <summary>Says of an Issuer or ClusterIssuer whether it can sign now, and why not.</summary>
internal sealed class IssuerReconciler<T>(
    IKubeClient client,
    Informer<T, T> issuers,
    ObjectStore<SecretFacts> secrets,
    IssuerCatalog catalog,
    SigningKeys signingKeys,
    AccountCheck accountCheck,
    EventRecorder events,
    WithStatus<T> withStatus,
    TimeProvider time) : IReconciler
    where T : class, IKubeObject<T>, IIssuerObject
{
    /// <summary>Index of the issuers by the key of their CA Secret.</summary>
    public const string BySecret = "secret";

    private static readonly TimeSpan UnwatchedRetry = TimeSpan.FromSeconds(30);

    public async Task<Outcome> ReconcileAsync(ObjectKey key, CancellationToken cancel)
    {
        if (issuers.Store.Find(key) is not { Metadata.DeletionTimestamp: null } issuer)
            return Outcome.Done;

        IssuerFinding finding = await CheckAsync(issuer, cancel);
        Condition ready = finding.Condition(issuer.Metadata.Generation);
        var status = new IssuerStatus
        {
            Conditions = Conditions.Set(issuer.Status?.Conditions, ready, time.GetUtcNow()),
            Acme = finding.Acme,
            Ca = finding.Ca,
        };
        if (!Same(issuer.Status, status) && await WriteAsync(issuer, status, cancel))
            Tell(issuer, ready, status);
        return finding.LookAgain is { } at ? Outcome.After(at - time.GetUtcNow()) : Outcome.Done;
    }

    private async Task<IssuerFinding> CheckAsync(T issuer, CancellationToken cancel) => issuer.Spec switch
    {
        var spec when IssuerRules.Check(spec) is [var broken, ..] => IssuerFinding.Bad("InvalidSpec", broken),
        { Ca: { } ca } when SecretRules.NameProblem("ca.secretName", ca.SecretName) is { } problem => IssuerFinding.Bad("InvalidSpec", problem),
        { Ca: { } ca } => await CheckCaAsync(issuer, catalog.CaSecret(issuer, ca), cancel),
        { SelfSigned: not null } => IssuerFinding.Good("Certificates sign themselves."),
        { Acme: { } acme } when SecretRules.NameProblem("acme.privateKeySecretRef.name", acme.PrivateKeySecretRef.Name) is { } problem => IssuerFinding.Bad("InvalidSpec", problem),
        _ => await accountCheck.CheckAsync(issuer, cancel),
    };

    private async Task<IssuerFinding> CheckCaAsync(T issuer, ObjectKey secret, CancellationToken cancel)
    {
        if (secrets.Find(secret) is not { } facts)
            return await CheckUnwatchedAsync(issuer, secret, cancel);
        try
        {
            SigningKey key = await signingKeys.GetAsync(secret, facts.Metadata.ResourceVersion ?? "", cancel);
            return IssuerFinding.OfCa(secret, key, time.GetUtcNow());
        }
        catch (PkiException unreadable)
        {
            return IssuerFinding.Bad("CaSecretUnusable", $"The CA Secret {secret} holds no usable key pair: {unreadable.Message} Store the CA's certificate as tls.crt and its key as tls.key, in PEM.");
        }
    }

    /// <summary>Only Secrets of the TLS type are watched, so one of another type looks like a missing one, and is looked for again.</summary>
    private async Task<IssuerFinding> CheckUnwatchedAsync(T issuer, ObjectKey secret, CancellationToken cancel)
    {
        DateTimeOffset again = time.GetUtcNow() + UnwatchedRetry;
        if (await client.FindAsync<Secret>(secret, cancel) is { } other && other.SecretType != Secret.TlsType)
            return IssuerFinding.Bad("CaSecretWrongType", $"The CA Secret {secret} has type {other.SecretType}, and a type cannot be changed: delete it and create it with type {Secret.TlsType}.", again);
        string where = T.Type.Namespaced ? "" : $" The Secrets of a {issuer.Kind} are in the operator's own namespace, {secret.Namespace}.";
        return IssuerFinding.Bad("CaSecretMissing", $"The CA Secret {secret} does not exist: create it with type {Secret.TlsType}, tls.crt and tls.key.{where}", again);
    }

    /// <returns>False if the issuer was deleted meanwhile.</returns>
    private async Task<bool> WriteAsync(T issuer, IssuerStatus status, CancellationToken cancel)
    {
        var identity = new ObjectMeta { Name = issuer.Metadata.Name, Namespace = issuer.Metadata.Namespace, Uid = issuer.Metadata.Uid };
        try
        {
            issuers.Observe(await client.ApplyStatusAsync(withStatus(identity, status), ApiGroup.StatusManager, cancel));
            return true;
        }
        catch (KubeException gone) when (gone.Failure is KubeFailure.NotFound)
        {
            return false;
        }
    }

    private void Tell(T issuer, Condition ready, IssuerStatus now)
    {
        if (issuer.Status?.Acme is { TermsOfService: { } agreed } before && now.Acme is { TermsOfService: { } terms } && before.Uri == now.Acme.Uri && terms != agreed)
            events.Warning(issuer, "TermsOfServiceChanged", $"The CA's terms of service are now those at {terms}, before {agreed}: read them. Certificates are ordered as before; a CA that wants the account to agree anew refuses that, and the Certificates say so (AcmeActionRequired).");
        if (ready.Status == ConditionTypes.False)
            events.Warning(issuer, ready.Reason, ready.Message);
        else if (!Conditions.IsTrue(issuer.Status?.Conditions, ConditionTypes.Ready))
            events.Normal(issuer, ready.Reason, ready.Message);
    }

    private static bool Same(IssuerStatus? a, IssuerStatus b)
        => a is not null && JsonSerializer.SerializeToUtf8Bytes(a, ApiJson.Default.IssuerStatus).AsSpan()
            .SequenceEqual(JsonSerializer.SerializeToUtf8Bytes(b, ApiJson.Default.IssuerStatus));
}
