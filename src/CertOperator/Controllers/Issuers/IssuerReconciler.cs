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
    EventRecorder events,
    WithStatus<T> withStatus,
    TimeProvider time) : IReconciler
    where T : class, IKubeObject<T>, IIssuerObject
{
    /// <summary>Index of the issuers by the key of their CA Secret.</summary>
    public const string BySecret = "secret";

    private const string ReadyReason = "Ready";

    public async Task<Outcome> ReconcileAsync(ObjectKey key, CancellationToken cancel)
    {
        if (issuers.Store.Find(key) is not { Metadata.DeletionTimestamp: null } issuer)
            return Outcome.Done;

        var finding = await CheckAsync(issuer, cancel);
        Condition ready = finding.Condition(issuer.Metadata.Generation);
        var status = new IssuerStatus
        {
            Conditions = Conditions.Set(issuer.Status?.Conditions, ready, time.GetUtcNow()),
            Ca = finding.Ca,
        };
        if (!Same(issuer.Status, status))
        {
            var identity = new ObjectMeta { Name = key.Name, Namespace = issuer.Metadata.Namespace, Uid = issuer.Metadata.Uid };
            issuers.Observe(await client.ApplyStatusAsync(withStatus(identity, status), ApiGroup.StatusManager, cancel));
            Tell(issuer, ready);
        }

        return finding.Ca is { } ca && ca.NotAfter > time.GetUtcNow() ? Outcome.After(ca.NotAfter - time.GetUtcNow()) : Outcome.Done;
    }

    private async Task<Finding> CheckAsync(T issuer, CancellationToken cancel) => issuer.Spec switch
    {
        var spec when IssuerRules.Check(spec) is [var broken, ..] => Finding.Bad("InvalidSpec", broken),
        { Ca: { } ca } => await CheckCaAsync(catalog.CaSecret(issuer, ca), cancel),
        { SelfSigned: not null } => Finding.Good("Certificates sign themselves.", null),
        _ => Finding.Bad("AcmeNotServed", "This operator signs with ca and selfSigned only: it has no ACME account to sign with."),
    };

    private async Task<Finding> CheckCaAsync(ObjectKey secret, CancellationToken cancel)
    {
        if (secrets.Find(secret) is not { } facts)
        {
            // Only Secrets of the TLS type are watched, so one of another type looks like a missing one.
            return await client.FindAsync<Secret>(secret, cancel) is { } other && other.SecretType != Secret.TlsType
                ? Finding.Bad("CaSecretWrongType", $"The CA Secret {secret} has type {other.SecretType}: it must be {Secret.TlsType}; make it anew.")
                : Finding.Bad("CaSecretMissing", $"The CA Secret {secret} does not exist: create it with tls.crt and tls.key.");
        }

        try
        {
            SigningKey key = await signingKeys.GetAsync(secret, facts.Metadata.ResourceVersion ?? "", cancel);
            IssuedCertificate certificate = key.Chain[0];
            return key.Check(time.GetUtcNow()) is [var problem, ..]
                ? Finding.Bad(problem.Code.ToString(), $"The CA in Secret {secret} cannot sign: {problem.Message}")
                : Finding.Good(
                    $"The CA \"{certificate.Subject}\" in Secret {secret} can sign until {certificate.NotAfter:u}.",
                    new CaStatus { NotAfter = certificate.NotAfter, Fingerprint = certificate.Fingerprint });
        }
        catch (PkiException unreadable)
        {
            return Finding.Bad("CaSecretUnusable", $"The CA Secret {secret} holds no usable key pair: {unreadable.Message}");
        }
    }

    private void Tell(T issuer, Condition ready)
    {
        if (ready.Status == ConditionTypes.False)
            events.Warning(issuer, ready.Reason, ready.Message);
        else if (!Conditions.IsTrue(issuer.Status?.Conditions, ConditionTypes.Ready))
            events.Normal(issuer, ready.Reason, ready.Message);
    }

    private static bool Same(IssuerStatus? a, IssuerStatus b)
        => a is not null && JsonSerializer.SerializeToUtf8Bytes(a, ApiJson.Default.IssuerStatus).AsSpan()
            .SequenceEqual(JsonSerializer.SerializeToUtf8Bytes(b, ApiJson.Default.IssuerStatus));

    private sealed record Finding(string Reason, string Message, CaStatus? Ca)
    {
        public static Finding Good(string message, CaStatus? ca) => new(ReadyReason, message, ca);

        public static Finding Bad(string reason, string message) => new(reason, message, null);

        public Condition Condition(long? generation) => new()
        {
            Type = ConditionTypes.Ready,
            Status = Reason == ReadyReason ? ConditionTypes.True : ConditionTypes.False,
            Reason = Reason,
            Message = Message,
            ObservedGeneration = generation,
        };
    }
}
