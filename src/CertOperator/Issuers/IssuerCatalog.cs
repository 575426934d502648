using CertOperator.Api;
using CertOperator.Issuers.Acme;
using CertOperator.Issuers.Ca;
using CertOperator.Issuers.SelfSigned;
using CertOperator.Runtime.Caching;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;
using CertOperator.Secrets;
using CertOperator.Telemetry;

namespace CertOperator.Issuers;

/// <summary>Finds the issuer that a Certificate names and makes it ready to sign.</summary>
internal sealed class IssuerCatalog(
    ObjectStore<Issuer> issuers,
    Informer<ClusterIssuer, ClusterIssuer> clusterIssuers,
    ObjectStore<SecretFacts> secrets,
    SigningKeys signingKeys,
    AcmeServices acme,
    string operatorNamespace,
    TimeProvider time)
{
    /// <summary>The issuer as it stands, with a sentence for whatever keeps it from signing.</summary>
    public IssuerState Find(ObjectKey certificate, IssuerRef reference)
    {
        IssuerState state = Find(certificate.Namespace, reference);
        return state.Object is { } found ? state with { IsWell = acme.Health.IsWell(found, certificate) } : state;
    }

    private IssuerState Find(string certificateNamespace, IssuerRef reference)
    {
        string kind = reference.Kind ?? Issuer.Type.Kind;
        if (reference.Group is not (null or "" or ApiGroup.Name))
            return Missing("UnknownIssuerGroup", $"The issuer group \"{reference.Group}\" is not this operator's: use {ApiGroup.Name} or leave group out.");
        if (kind != Issuer.Type.Kind && kind != ClusterIssuer.Type.Kind)
            return Missing("UnknownIssuerKind", $"The issuer kind \"{kind}\" is unknown: use {Issuer.Type.Kind} or {ClusterIssuer.Type.Kind}.");

        IIssuerObject? found = kind == ClusterIssuer.Type.Kind
            ? clusterIssuers.Store.Find(reference.Key(certificateNamespace))
            : issuers.Find(reference.Key(certificateNamespace));
        if (found is null)
            return Missing("IssuerNotFound", NotFound(certificateNamespace, kind, reference.Name));

        Condition? ready = found.Status?.Conditions?.FirstOrDefault(condition => condition.Type == ConditionTypes.Ready);
        if (ready is null || (ready.ObservedGeneration ?? 0) < (found.Metadata.Generation ?? 0))
            return new IssuerState(reference, found, IssuerState.NotChecked, $"{reference} was not checked yet.");
        return ready.Status == ConditionTypes.True
            ? new IssuerState(reference, found, "", "")
            : new IssuerState(reference, found, "IssuerNotReady", $"{reference} is not ready: {ready.Message}");

        IssuerState Missing(string reason, string message) => new(reference, null, reason, message);
    }

    /// <summary>The signer behind an issuer that is ready.</summary>
    public IIssuer Open(IssuerState state)
    {
        IssuerSpec spec = state.Object!.Spec!;
        if (spec.Acme is not null)
            return new AcmeIssuer(state.Object, acme);
        if (spec.SelfSigned is { } selfSigned)
            return new SelfSignedIssuer(selfSigned, time);

        CaIssuerSpec ca = spec.Ca ?? throw new InvalidOperationException($"{state.Ref} has no signer that this operator knows.");
        ObjectKey secret = CaSecret(state.Object, ca);
        return new CaIssuer(ca, secret, secrets.Find(secret)?.Metadata.ResourceVersion ?? "", signingKeys, time);
    }

    /// <summary>Ends an issuance that nobody wants any more.</summary>
    /// <returns>False if something of it is left that may be removed later; what an issuer left that is gone never can.</returns>
    public async Task<bool> AbandonAsync(Certificate certificate, IssuanceStatus underWay, CancellationToken cancel)
    {
        var key = new ObjectKey(certificate.Metadata.Namespace ?? "", certificate.Metadata.Name ?? "");
        using IssuanceTrace? trace = IssuanceTrace.Begin(new TracedAttempt(underWay.Id, underWay.Started, key, underWay.Issuer, GoesOn: true));
        if (IssuerRef.Parse(underWay.Issuer) is { } reference && Find(key.Namespace, reference).Object is { Spec.Acme: not null } issuer)
        {
            bool isTidy = await new AcmeIssuer(issuer, acme).AbandonAsync(certificate, underWay, cancel);
            if (isTidy)
                trace?.End(IssuanceTrace.Abandoned);
            return isTidy;
        }

        trace?.End(IssuanceTrace.Abandoned);
        OperatorLog.OrderNotAbandoned(acme.Logger, key, "its issuer is gone, and with it the way to what may be left of it.");
        return true;
    }

    /// <summary>Where the CA of an issuer is: a ClusterIssuer's Secrets are in the operator's namespace.</summary>
    public ObjectKey CaSecret(IIssuerObject issuer, CaIssuerSpec ca)
        => new(issuer.Metadata.Namespace ?? operatorNamespace, ca.SecretName);

    private string NotFound(string certificateNamespace, string kind, string name)
    {
        if (kind == ClusterIssuer.Type.Kind && clusterIssuers.IsRefused)
            return $"ClusterIssuer \"{name}\" cannot be seen: the operator works in some namespaces only and may not list ClusterIssuers. Use an Issuer in namespace {certificateNamespace}, or have it given the ClusterRole cert-operator-cluster-scoped of config/rbac.";

        string sentence = kind == ClusterIssuer.Type.Kind
            ? $"There is no ClusterIssuer \"{name}\""
            : $"There is no Issuer \"{name}\" in namespace {certificateNamespace}";
        if (kind == Issuer.Type.Kind && clusterIssuers.Store.Find(ObjectKey.Cluster(name)) is not null)
            return $"{sentence}, but a ClusterIssuer of that name: set issuerRef.kind to ClusterIssuer.";

        // Who may read this Certificate may not be allowed to know of other namespaces, so none is named.
        return kind == Issuer.Type.Kind && issuers.All.Any(issuer => issuer.Metadata.Name == name)
            ? $"{sentence}, and one of another namespace serves only its own: create an Issuer here, or use a ClusterIssuer."
            : $"{sentence}: create it, or correct issuerRef.";
    }
}
