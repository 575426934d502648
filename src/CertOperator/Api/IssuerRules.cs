namespace CertOperator.Api;

/// <summary>
/// The rules of an issuer's spec. An API server without CEL drops the same rules of the CRD, so they hold here too; each
/// broken one is a sentence that names the field and the mend.
/// </summary>
internal static class IssuerRules
{
    /// <summary>The sentences of the broken rules, in the order of the fields; empty if it is sound.</summary>
    public static IReadOnlyList<string> Check(IssuerSpec? spec)
    {
        var problems = new List<string>();
        if (Count(spec?.Acme, spec?.Ca, spec?.SelfSigned) != 1)
            problems.Add(Sentences.OneSigner);
        if (spec?.Acme is { } acme)
            CheckAcme(acme, problems);
        if (spec?.Constraints is { Count: 0 })
            problems.Add("constraints is empty: leave it out to sign everything, or say what is signed.");
        foreach (var (index, constraint) in (spec?.Constraints ?? []).Index())
            CheckConstraint(constraint, $"constraints[{index}]", problems);
        return problems;
    }

    private static void CheckConstraint(IssuerConstraintSpec constraint, string field, List<string> problems)
    {
        if (constraint is { AllowCA: true, DnsNames: not null })
            problems.Add($"{field}: {Sentences.UnboundCa}");
        if (constraint.MaxDuration is { } longest && !GoDuration.TryParse(longest, out _))
            problems.Add($"{field}.maxDuration \"{CertificateRules.Shown(longest)}\" cannot be read: write hours, minutes and seconds, for example 2160h.");
        if (constraint.DnsNames?.FirstOrDefault(pattern => !IssuerConstraintSpec.IsNamePattern(pattern)) is { } unusable)
            problems.Add($"{field}.dnsNames has \"{CertificateRules.Shown(unusable)}\": write a name in lower case, *. before a domain for every name below it, or * for all.");
    }

    private static void CheckAcme(AcmeIssuerSpec acme, List<string> problems)
    {
        if (!acme.Server.StartsWith("https://", StringComparison.Ordinal) || !Uri.TryCreate(acme.Server, UriKind.Absolute, out _))
            problems.Add($"acme: {Sentences.AcmeServer}");
        if (acme is { CaBundle: not null, SkipTLSVerify: true })
            problems.Add($"acme: {Sentences.AcmeTrust}");
        foreach (var (solver, index) in (acme.Solvers ?? []).Select((solver, index) => (solver, index)))
            CheckSolver(solver, $"acme.solvers[{index}]", problems);
    }

    private static void CheckSolver(AcmeSolverSpec solver, string field, List<string> problems)
    {
        if (Count(solver.Http01, solver.Dns01, solver.TlsAlpn01) != 1)
            problems.Add($"{field}: {Sentences.OneChallenge}");
        if (solver.Http01 is { Ingress: not null, GatewayHTTPRoute: not null })
            problems.Add($"{field}: {Sentences.OneHttpRoute}");
        if (solver.Http01?.Ingress is { Class: not null, IngressClassName: not null })
            problems.Add($"{field}.http01.ingress: {Sentences.OneClass}");
        if (solver.Dns01 is not { } dns)
            return;

        int providers = Count(dns.Rfc2136, dns.Cloudflare, dns.Route53, dns.AzureDNS, dns.CloudDNS, dns.Digitalocean, dns.AcmeDNS, dns.Powerdns, dns.Webhook);
        bool isPersistent = dns.ChallengeType == Dns01Spec.DnsPersist01;
        if (providers != 1 && !(providers == 0 && isPersistent))
            problems.Add($"{field}: {Sentences.OneProvider}");
        if (isPersistent && dns.AcmeDNS is not null)
            problems.Add($"{field}.dns01: {Sentences.ForgetfulProvider}");
        if (!isPersistent && dns.PersistUntil is not null)
            problems.Add($"{field}.dns01: {Sentences.PersistUntil}");
        if (dns.Propagation?.Timeout is { } timeout && !GoDuration.TryParse(timeout, out _))
            problems.Add($"{field}.dns01.propagation.timeout cannot be read: write minutes and seconds, for example 2m or 90s.");
        if (dns.Rfc2136 is { } rfc2136 && rfc2136.TsigKeyName is null != rfc2136.TsigSecretSecretRef is null)
            problems.Add($"{field}.dns01: {Sentences.TsigKey}");
        if (dns.Cloudflare is { } cloudflare && Count(cloudflare.ApiTokenSecretRef, cloudflare.ApiKeySecretRef) != 1)
            problems.Add($"{field}.dns01: {Sentences.CloudflareCredentials}");
        if (dns.Cloudflare is { ApiKeySecretRef: not null, Email: null })
            problems.Add($"{field}.dns01: {Sentences.CloudflareEmail}");
        if (dns.Route53 is { Auth: not null, Role: null })
            problems.Add($"{field}.dns01: {Sentences.AuthRole}");
        if (dns.Route53 is { Auth: not null, SecretAccessKeySecretRef: not null })
            problems.Add($"{field}.dns01: {Sentences.AuthOrKey}");
        if (dns.AzureDNS?.ManagedIdentity is { ClientID: not null, ResourceID: not null })
            problems.Add($"{field}.dns01.azureDNS: {Sentences.ManagedIdentity}");
    }

    private static int Count(params ReadOnlySpan<object?> choices)
    {
        int count = 0;
        foreach (object? choice in choices)
            count += choice is null ? 0 : 1;
        return count;
    }
}
