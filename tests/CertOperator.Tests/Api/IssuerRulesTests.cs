namespace CertOperator.Api;

public class IssuerRulesTests
{
    private static readonly AcmeIssuerSpec Acme = new()
    {
        Server = "https://acme.example.com/directory",
        PrivateKeySecretRef = new SecretKeyRef { Name = "account" },
        Solvers = [Dns(new Dns01Spec { Cloudflare = new CloudflareSpec { ApiTokenSecretRef = new SecretKeyRef { Name = "token" } } })],
    };

    private static readonly (string Sentence, IssuerSpec Spec)[] Broken =
    [
        (Sentences.OneSigner, new IssuerSpec()),
        (
            "constraints is empty: leave it out to sign everything, or say what is signed.",
            new IssuerSpec { SelfSigned = new SelfSignedIssuerSpec(), Constraints = [] }
        ),
        (
            "constraints[1].maxDuration \"soon\" cannot be read: write hours, minutes and seconds, for example 2160h.",
            new IssuerSpec { SelfSigned = new SelfSignedIssuerSpec(), Constraints = [new(), new() { MaxDuration = "soon" }] }
        ),
        (
            "constraints[0].dnsNames has \"*example.com\": write a name in lower case, *. before a domain for every name below it, or * for all.",
            new IssuerSpec { SelfSigned = new SelfSignedIssuerSpec(), Constraints = [new() { DnsNames = ["*", "*.example.com", "example.com", "_tls.example.com", "*example.com"] }] }
        ),
        (Sentences.OneSigner, new IssuerSpec { Acme = Acme, SelfSigned = new SelfSignedIssuerSpec() }),
        ("acme: server is no https URL: give that of the server's directory.", With(Acme with { Server = "http://acme.example.com" })),
        ("acme: server is no https URL: give that of the server's directory.", With(Acme with { Server = "https://" })),
        ("acme: caBundle and skipTLSVerify exclude each other: keep caBundle.", With(Acme with { CaBundle = [1], SkipTLSVerify = true })),
        ("acme.solvers[0]: A solver takes exactly one of http01, dns01 and tlsAlpn01.", With(new AcmeSolverSpec())),
        ("acme.solvers[0]: A solver takes exactly one of http01, dns01 and tlsAlpn01.", With(new AcmeSolverSpec { Http01 = new Http01Spec(), TlsAlpn01 = new TlsAlpn01Spec() })),
        ("acme.solvers[0]: http01 takes one of ingress and gatewayHTTPRoute.", With(new AcmeSolverSpec { Http01 = new Http01Spec { Ingress = new(), GatewayHTTPRoute = new() } })),
        (
            "acme.solvers[0].http01.ingress: class and ingressClassName exclude each other: keep ingressClassName.",
            With(new AcmeSolverSpec { Http01 = new Http01Spec { Ingress = new Http01IngressSpec { Class = "a", IngressClassName = "b" } } })
        ),
        (
            "acme.solvers[0]: dns01 takes exactly one provider: rfc2136, cloudflare, route53, azureDNS, cloudDNS, digitalocean, acmeDNS, powerdns or webhook.",
            With(Dns(new Dns01Spec { Route53 = new Route53Spec(), Rfc2136 = new Rfc2136Spec { Nameserver = "ns" } }))
        ),
        (
            "acme.solvers[0].dns01.propagation.timeout cannot be read: write minutes and seconds, for example 2m or 90s.",
            With(Dns(new Dns01Spec { Route53 = new Route53Spec(), Propagation = new PropagationSpec { Timeout = "soon" } }))
        ),
        (
            "acme.solvers[0].dns01: rfc2136 takes tsigKeyName and tsigSecretSecretRef together.",
            With(Dns(new Dns01Spec { Rfc2136 = new Rfc2136Spec { Nameserver = "ns", TsigKeyName = "key" } }))
        ),
        (
            "acme.solvers[0].dns01: cloudflare takes one of apiTokenSecretRef and apiKeySecretRef.",
            With(Dns(new Dns01Spec { Cloudflare = new CloudflareSpec() }))
        ),
        (
            "acme.solvers[0].dns01: cloudflare needs email beside apiKeySecretRef.",
            With(Dns(new Dns01Spec { Cloudflare = new CloudflareSpec { ApiKeySecretRef = new SecretKeyRef { Name = "key" } } }))
        ),
    ];

    [Fact]
    public void A_broken_rule_is_a_sentence() => Assert.All(Broken, broken => Assert.Equal([broken.Sentence], IssuerRules.Check(broken.Spec)));

    [Fact]
    public void A_sound_spec_breaks_none() => Assert.Empty(IssuerRules.Check(With(Acme)));

    private static IssuerSpec With(AcmeIssuerSpec acme) => new() { Acme = acme };

    private static IssuerSpec With(AcmeSolverSpec solver) => With(Acme with { Solvers = [solver] });

    private static AcmeSolverSpec Dns(Dns01Spec dns) => new() { Dns01 = dns };
}
