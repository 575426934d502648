using CertOperator.Api;
using CertOperator.Runtime.Objects;
using CertOperator.Secrets;

namespace CertOperator.Audit;

/// <summary>Every kind of finding, there and not there.</summary>
public sealed class IngressAuditTests
{
    private static readonly DateTimeOffset Now = KeyPairFixture.Issued.AddDays(1);
    private static readonly IReadOnlyList<IngressClass> Nginx = [new() { Metadata = new ObjectMeta { Name = "nginx" } }];

    [Theory]
    [InlineData("good")]
    [InlineData("with its root in ca.crt")]
    [InlineData("below a root")]
    [InlineData("below a root in ca.crt")]
    [InlineData("self-signed")]
    [InlineData("wildcard")]
    [InlineData("other host", "HostNotCovered")]
    [InlineData("no host", "HostNotCovered")]
    [InlineData("key of another", "KeyMismatch")]
    [InlineData("leaf alone", "ChainIncomplete")]
    [InlineData("leaf alone, root in ca.crt", "ChainIncomplete")]
    [InlineData("strange root", "ChainIncomplete", "ChainCarriesRoot")]
    [InlineData("intermediate first", "ChainOutOfOrder")]
    [InlineData("root before intermediate", "ChainOutOfOrder")]
    [InlineData("with root", "ChainCarriesRoot")]
    [InlineData("forged", "ChainInvalid")]
    [InlineData("for clients", "NotForServers")]
    [InlineData("RSA-1024", "WeakKey")]
    [InlineData("SHA-1", "WeakSignature")]
    [InlineData("no PEM", "SecretUnreadable")]
    [InlineData("no key", "SecretUnreadable")]
    public void What_a_Secret_holds(string content, params string[] codes)
        => Assert.Equal(codes.Order(), Codes(Ingress(), Facts(content)));

    [Theory]
    [InlineData("good", -1, "NotYetValid")]
    [InlineData("good", 0)]
    [InlineData("good", 68)]
    [InlineData("good", 70, "Expiring")]
    [InlineData("good", 89, "Expiring")]
    [InlineData("good", 91, "Expired")]
    [InlineData("short intermediate", 18)]
    [InlineData("short intermediate", 20, "Expiring")]
    [InlineData("short intermediate", 41, "Expired")]
    public void What_time_makes_of_it(string content, int days, params string[] codes)
        => Assert.Equal(codes, Codes(Ingress(), Facts(content), KeyPairFixture.Issued.AddDays(days)));

    [Fact]
    public void A_report_holds_until_the_next_moment_that_changes_it()
    {
        Surroundings around = Around(Facts("good"));
        DateTimeOffset at = Now;
        var seen = new List<string>();
        while (IngressAudit.Run(Ingress(), around, at) is { Until: { } until } report)
        {
            seen.Add(string.Join(',', report.Findings.Select(finding => finding.Code.Name)));
            Assert.Equal(report.Findings, IngressAudit.Run(Ingress(), around, until.AddMilliseconds(-1)).Findings);
            at = until;
        }

        Assert.Equal(["", "Expiring"], seen);
        Assert.Equal(["Expired"], Codes(Ingress(), Facts("good"), at));
    }

    [Fact]
    public void A_Secret_that_is_not_there()
    {
        Assert.Equal(["SecretMissing"], Codes(Ingress(), new NamedSecret()));
        AuditFinding elsewhere = Assert.Single(Run(Ingress(), new NamedSecret { Elsewhere = ["a", "b", "c", "d"] }).Findings);
        Assert.Equal(("SecretElsewhere", "There is no Secret shop/web; one of that name is in the namespaces a, b, c and others."), (elsewhere.Code.Name, elsewhere.Sentence));
    }

    [Fact]
    public void What_others_have_still_to_bring_is_not_missed_at_once()
    {
        Ingress young = Ingress() with { Metadata = Metadata(("", "")) with { CreationTimestamp = Now }, Status = null };
        Surroundings around = Around(new NamedSecret()) with { Patience = TimeSpan.FromMinutes(5) };
        AuditReport report = IngressAudit.Run(young, around, Now);
        Assert.Empty(report.Findings);
        Assert.Equal(Now.AddMinutes(5), report.Until);
        Assert.Equal(["SecretMissing", "NoAddress"], IngressAudit.Run(young, around, report.Until!.Value).Findings.Select(finding => finding.Code.Name));
    }

    [Fact]
    public void A_Secret_of_another_type_is_audited_as_well()
    {
        NamedSecret opaque = Facts("other host") with { OtherType = "Opaque" };
        Assert.Equal(["HostNotCovered", "SecretWrongType"], Codes(Ingress(), opaque));
    }

    [Fact]
    public void What_this_operator_is_about_to_bring_is_not_missed()
    {
        var certificate = new Certificate
        {
            Metadata = new ObjectMeta { Name = "web", Namespace = "shop" },
            Spec = new CertificateSpec { SecretName = "web", IssuerRef = new IssuerRef { Name = "ca" }, DnsNames = [KeyPairFixture.Host] },
        };
        NamedSecret ours = Labelled(Facts("other host")) with { Certificate = certificate };
        Assert.Empty(Codes(Ingress(), new NamedSecret { IsWanted = true }));
        Assert.Empty(Codes(Ingress(), new NamedSecret { Certificate = certificate }));
        Assert.Empty(Codes(Ingress(), ours));
        Assert.Empty(Codes(Ingress(), Labelled(Facts("good")) with { Certificate = certificate }, KeyPairFixture.Issued.AddDays(89)));
        Assert.Empty(Codes(Ingress(), Facts("other host") with { IsWanted = true }));

        // What the Certificate does not ask for will not come; what has expired fails whoever renews it; what somebody else wrote is his.
        Assert.Equal(["HostNotCovered"], Codes(Ingress("new.example.com"), ours));
        Assert.Equal(["Expired"], Codes(Ingress(), Labelled(Facts("good")) with { Certificate = certificate }, KeyPairFixture.Issued.AddDays(91)));
        Assert.Equal(["HostNotCovered"], Codes(Ingress(), Facts("other host") with { Certificate = certificate }));
    }

    [Theory]
    [InlineData(ConditionTypes.False, "ServedMismatch")]
    [InlineData(ConditionTypes.Unknown)]
    [InlineData(ConditionTypes.True)]
    [InlineData(null)]
    public void What_the_operator_found_served(string? status, params string[] codes)
    {
        var certificate = new Certificate
        {
            Metadata = new ObjectMeta { Name = "web", Namespace = "shop" },
            Status = new CertificateStatus { Conditions = status is null ? null : [new Condition { Type = ConditionTypes.Served, Status = status, Reason = "", Message = "Another one is served." }] },
        };
        AuditReport report = Run(Ingress(), Labelled(Facts("good")) with { Certificate = certificate });
        Assert.Equal(codes, report.Findings.Select(finding => finding.Code.Name));
        Assert.All(report.Findings, finding => Assert.Equal($"Another one is served. {AuditCodes.ServedMismatch.Remedy}", finding.Message));
        // What the Certificate tells is not told of a Secret that somebody else wrote.
        Assert.Empty(Codes(Ingress(), Facts("good") with { Certificate = certificate }));
    }

    [Theory]
    [InlineData("certoperator.io/ignore", "true", true)]
    [InlineData("certoperator.io/ignore", "false", false)]
    [InlineData("nginx.ingress.kubernetes.io/ssl-passthrough", "true", true)]
    [InlineData("nginx.ingress.kubernetes.io/ssl-passthrough", "false", false)]
    [InlineData("haproxy.org/ssl-passthrough", "true", true)]
    [InlineData("haproxy-ingress.github.io/ssl-passthrough", "true", true)]
    [InlineData("traefik.ingress.kubernetes.io/router.tls.passthrough", "true", true)]
    [InlineData("ingress.cilium.io/tls-passthrough", "Enabled", true)]
    [InlineData("route.openshift.io/termination", "passthrough", true)]
    [InlineData("route.openshift.io/termination", "edge", false)]
    public void Who_needs_no_Secret_is_not_audited(string annotation, string value, bool isExempt)
        => Assert.Equal(isExempt ? [] : ["SecretMissing"], Codes(Ingress() with { Metadata = Metadata((annotation, value)) }, new NamedSecret()));

    [Theory]
    [InlineData("nginx", null, "nginx", false, true, null)]
    [InlineData("nginx", null, "nginx", false, false, "NoAddress")]
    [InlineData(null, "nginx", "nginx", false, false, "NoAddress")]
    [InlineData(null, null, "nginx", true, false, "NoAddress")]
    [InlineData(null, null, "nginx", false, false, "NoClass")]
    [InlineData(null, null, "nginx", false, true, null)]
    [InlineData("traefik", null, "nginx", true, false, "ClassNotServed")]
    [InlineData("traefik", null, "nginx", true, true, null)]
    [InlineData(null, "traefik", "nginx", true, false, "ClassNotServed")]
    [InlineData("nginx", null, null, false, false, null)]
    public void Whether_a_controller_serves_it(string? className, string? annotation, string? known, bool isDefault, bool hasAddress, string? code)
    {
        Ingress ingress = Ingress() with { Metadata = Metadata(("kubernetes.io/ingress.class", annotation ?? "")), Status = hasAddress ? Address : null };
        ingress = ingress with { Spec = ingress.Spec! with { IngressClassName = className } };
        IngressClass served = new() { Metadata = Metadata((IngressClass.DefaultAnnotation, isDefault ? "true" : "false")) with { Name = known } };
        Surroundings around = Around(Facts("good")) with { Classes = known is null ? null : [served] };
        Assert.Equal(code is null ? [] : [code], IngressAudit.Run(ingress, around, Now).Findings.Select(finding => finding.Code.Name));
    }

    [Fact]
    public void An_entry_without_a_Secret_asks_for_the_default_certificate_and_one_without_hosts_for_whatever_the_Secret_is_for()
    {
        Ingress bare = Ingress() with { Spec = new IngressSpec { Tls = [new IngressTls(), new IngressTls { Hosts = ["a.example.com"] }] } };
        Assert.Equal(["DefaultCertificate"], Codes(bare, new NamedSecret()));
        Assert.Empty(IngressAudit.Run(bare, Around(new NamedSecret()) with { IsManaged = true }, Now).Findings);
        Assert.Empty(Codes(Ingress(hosts: null), Facts("other host")));
    }

    [Fact]
    public void Findings_are_bounded_the_worst_first()
    {
        IngressTls[] entries = [.. Enumerable.Range(0, 100).Select(i => new IngressTls { SecretName = $"s-{i}", Hosts = ["a.example.com"] })];
        Ingress many = Ingress() with { Spec = new IngressSpec { Tls = [new IngressTls(), .. entries] } };
        Surroundings around = Around(new NamedSecret()) with { Secrets = entries.ToDictionary(entry => entry.SecretName!, _ => new NamedSecret()) };
        AuditReport report = IngressAudit.Run(many, around, Now);
        Assert.Equal(Enumerable.Repeat("SecretMissing", IngressAudit.MostFindings), report.Findings.Select(finding => finding.Code.Name));

        IngressTls[] hosts = [new IngressTls { SecretName = "web", Hosts = [.. Enumerable.Range(0, 1000).Select(i => $"h-{i}.example.org")] }];
        string sentence = Assert.Single(Run(Ingress() with { Spec = new IngressSpec { Tls = hosts } }, Facts("good")).Findings).Sentence;
        Assert.Equal("The certificate in Secret shop/web is for web.example.com, not for h-0.example.org, h-1.example.org, h-2.example.org and 997 more.", sentence);
    }

    [Fact]
    public void Every_code_has_a_case_here()
    {
        string source = string.Join('\n', Directory.EnumerateFiles(Path.Combine(Testing.Repository.Root, "tests", "CertOperator.Tests", "Audit"), "*Tests.cs").Select(File.ReadAllText));
        Assert.All(AuditCodes.All, code => Assert.Contains($"\"{code.Name}\"", source, StringComparison.Ordinal));
        Assert.Equal(AuditCodes.All.Count, AuditCodes.All.Select(code => code.Name).Distinct().Count());
        Assert.Equal(typeof(AuditCodes).GetProperties().Count(property => property.PropertyType == typeof(AuditCode)), AuditCodes.All.Count);
    }

    private static readonly IngressStatus Address = new() { LoadBalancer = new IngressLoadBalancer { Ingress = [new IngressAddress { Ip = "192.0.2.1" }] } };

    private static ObjectMeta Metadata((string Name, string Value) annotation) => new()
    {
        Name = "web",
        Namespace = "shop",
        CreationTimestamp = KeyPairFixture.Issued.AddDays(-10),
        Annotations = new Dictionary<string, string> { [annotation.Name] = annotation.Value },
    };

    private static Ingress Ingress(params string[]? hosts) => new()
    {
        Metadata = Metadata(("", "")),
        Spec = new IngressSpec { IngressClassName = "nginx", Tls = [new IngressTls { SecretName = "web", Hosts = hosts is null ? [] : hosts.Length == 0 ? [KeyPairFixture.Host] : hosts }] },
        Status = Address,
    };

    private static NamedSecret Facts(string content) => new() { Facts = KeyPairFixture.Facts(content) };

    private static NamedSecret Labelled(NamedSecret secret)
    {
        SecretFacts facts = secret.Facts!;
        return secret with { Facts = facts with { Metadata = facts.Metadata with { Labels = new Dictionary<string, string> { [Labels.Certificate] = "web" } } } };
    }

    private static Surroundings Around(NamedSecret secret) => new() { Secrets = new Dictionary<string, NamedSecret> { ["web"] = secret }, Classes = Nginx };

    private static AuditReport Run(Ingress ingress, NamedSecret secret, DateTimeOffset? now = null) => IngressAudit.Run(ingress, Around(secret), now ?? Now);

    private static IEnumerable<string> Codes(Ingress ingress, NamedSecret secret, DateTimeOffset? now = null)
        => Run(ingress, secret, now).Findings.Select(finding => finding.Code.Name).Order();
}
