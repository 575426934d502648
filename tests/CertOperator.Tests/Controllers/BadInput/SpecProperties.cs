using CertOperator.Api;
using CertOperator.Challenges;
using CertOperator.Controllers.Certificates;
using CertOperator.Controllers.Sources;
using CertOperator.Issuers;
using CertOperator.Issuers.Acme;
using CertOperator.Issuers.Acme.Budgets;
using CertOperator.Issuers.Ca;
using CertOperator.Rotation;
using CertOperator.Runtime.Caching;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.InMemory;
using CertOperator.Runtime.Objects;
using CertOperator.Secrets;
using FsCheck;
using FsCheck.Xunit;
using Microsoft.Extensions.Logging.Abstractions;

namespace CertOperator.Controllers.BadInput;

/// <summary>
/// Whatever text comes in, a spec is either refused in sentences or can be issued, and what is issued satisfies it.
/// </summary>
public sealed class SpecProperties : IDisposable
{
    private readonly KeyPairs _keyPairs = new();

    public void Dispose() => _keyPairs.Dispose();

    [Property(MaxTest = 500)]
    public Task A_spec_is_refused_in_sentences_or_issued_as_it_says(DoNotSize<int> seed) => CheckAsync(Specs.Make(new Random(seed.Item)));

    [Property(MaxTest = 500)]
    public async Task Annotations_are_left_out_in_sentences_or_make_a_spec(DoNotSize<int> seed)
    {
        var ingress = new Ingress
        {
            Metadata = new ObjectMeta { Name = "web", Namespace = "shop", Annotations = Specs.Annotations(new Random(seed.Item)) },
            Spec = new IngressSpec { Tls = [new IngressTls { Hosts = ["web.example.com"], SecretName = "web" }] },
        };
        SourceReading reading = IngressReader.Read(ingress, null);
        Assert.All(reading.Problems, problem => Assert.EndsWith(".", problem.Message, StringComparison.Ordinal));
        foreach (CertificateSource source in reading.Certificates)
        {
            Assert.Contains("web.example.com", source.Spec.DnsNames!);
            await CheckAsync(source.Spec);
        }
    }

    private async Task CheckAsync(CertificateSpec spec)
    {
        var desired = DesiredCertificate.From(spec, out IReadOnlyList<string> problems);
        Assert.Equal(desired is null, problems.Count > 0);
        Assert.All(problems, problem => Assert.True(problem is { Length: > 15 and < 1500 } && problem.EndsWith('.') && !problem.Contains('\n', StringComparison.Ordinal), problem));
        if (desired is not null)
            await IssueAsync(spec, desired);
    }

    private async Task IssueAsync(CertificateSpec spec, DesiredCertificate desired)
    {
        var cluster = new InMemoryCluster(TimeProvider.System, new InMemoryClusterOptions { CreateNamespaces = true });
        cluster.Apply(CaSecrets.Good("root"));
        var client = new InMemoryKubeClient(cluster);
        var caches = new Caches(client, new InformerOptions(), TimeProvider.System, NullLoggerFactory.Instance);
        SecretFacts root = caches.Secrets.Observe((await client.FindAsync<Secret>(new ObjectKey("shop", "root"), CancellationToken.None))!);
        var issuer = new Issuer
        {
            Metadata = new ObjectMeta { Name = "ca", Namespace = "shop", Uid = "1" },
            Spec = new IssuerSpec { Ca = new CaIssuerSpec { SecretName = "root" } },
            Status = new IssuerStatus { Ca = new CaStatus { Fingerprint = root.Certificate!.Fingerprint, NotAfter = root.Certificate.NotAfter } },
        };
        var situation = new Situation
        {
            Certificate = new Certificate { Metadata = new ObjectMeta { Name = "web", Namespace = "shop", Uid = "2", Generation = 1 }, Spec = spec },
            Desired = desired,
            SpecProblems = [],
            Secret = null,
            Issuers = [new IssuerState(spec.IssuerRef, issuer, "", "")],
            OutputsHash = "",
            Renewals = new RenewalCalendar(),
            Now = TimeProvider.System.GetUtcNow(),
        };
        Plan plan = IssuancePlanner.Decide(situation);
        Assert.IsType<Plan.Issue>(plan);

        using var servers = new AcmeServers(allowPrivate: false, TimeProvider.System);
        var acme = new AcmeServices(
            new AcmeAccounts(client, servers, "cert-operator", TimeProvider.System), new SolverCatalog(new Dictionary<string, IChallengeSolver>()),
            new AcmeBudgets(caches.Certificates.Store), new IssuerHealth(TimeProvider.System), new OrdersUnderWay(), TimeProvider.System, NullLogger.Instance);
        var catalog = new IssuerCatalog(caches.Issuers.Store, caches.ClusterIssuers, caches.Secrets.Store, new SigningKeys(client, TimeProvider.System), acme, "cert-operator", TimeProvider.System);
        var runner = new IssuanceRunner(client, catalog, _keyPairs, new PendingKeys(client, _keyPairs), new PairStore(client, new KeyHistory(client, TimeProvider.System), new SecretWriter(client, caches.Secrets), TimeProvider.System));
        IssuanceResult result = await runner.IssueAsync(situation, KeystorePasswords.None, CancellationToken.None);
        Assert.True(result.Stored is not null, result.Failed?.Message);

        Situation after = situation with { Secret = result.Stored, Now = TimeProvider.System.GetUtcNow() };
        Assert.Null(SecretShortfall.Find(after));
        CertificateStatus status = CertificateStatusBuilder.Build(after, plan, result);
        Assert.True(Conditions.IsTrue(status.Conditions, ConditionTypes.Ready));
    }

    private static class Specs
    {
        private static readonly string[] Texts =
        [
            "", " ", "web.example.com", "*.example.com", "a", "-", "a_b", "xn--bcher-kva.example", "xn--", "192.0.2.1", "2001:db8::1", "10.0.0.0/8", "10.0.0.0/99",
            "spiffe://a/b", "mailto:a@example.org", "a@example.org", "a@b@c", "CN=a", "CN=a,O=b", "CN", "DE", "Germany", "1.3.6.1.4.1.311.20.2.3", "1", "9.9",
            "server auth", "client auth", "cert sign", "crl sign", "any", "signing", "ocsp signing", "key agreement", "encipher only", "s/mime",
            "24h", "2160h", "1m", "59s", "1h30m", "0.00001ms", "99999999h", "720h", "1d", "-1h", "ECDSA", "RSA", "Ed25519", "PKCS1", "PKCS8", "Always", "Never",
            "ca", "Retain", "DER", "CombinedPEM", "true", "256", "384", "521", "2048", "50", "100", "a,b", "a.example,a.example", "{", "{}", "null",
            "{\"labels\":{\"a\":\"b\"}}", "{\"labels\":{\"a\":null}}", "\0", "a\nb", "é", "bücher.example", "😀", new string('a', 65), new string('a', 70_000), "../x", "app.kubernetes.io/managed-by",
        ];

        private static readonly string[] Names =
        [
            "issuer", "cluster-issuer", "common-name", "alt-names", "ip-sans", "uri-sans", "email-sans", "duration", "renew-before", "renew-before-percentage", "usages", "secret-template",
            "private-key-algorithm", "private-key-size", "private-key-encoding", "private-key-rotation-policy", "subject-organizations", "subject-countries", "subject-serialnumber", "ignore",
        ];

        public static Dictionary<string, string> Annotations(Random random)
        {
            var annotations = new Dictionary<string, string> { [Api.Annotations.Issuer] = "ca" };
            for (int i = random.Next(4); i >= 0; i--)
                annotations[ApiGroup.Prefixed(Names[random.Next(Names.Length)])] = Text(random);
            return annotations;
        }

        /// <summary>Mostly absent fields, and of the present ones mostly sensible values: else nothing would ever be accepted.</summary>
        public static CertificateSpec Make(Random random)
        {
            return new CertificateSpec
            {
                SecretName = random.Next(20) == 0 ? Text(random) : "web",
                IssuerRef = new IssuerRef { Name = "ca" },
                CommonName = Rarely(() => Text(random)),
                LiteralSubject = Rarely(() => Text(random)),
                DnsNames = random.Next(4) == 0 ? List() : ["web.example.com"],
                IpAddresses = Rarely(() => random.Next(2) == 0 ? ["192.0.2.1", "2001:db8::1"] : List()),
                Uris = Rarely(() => random.Next(2) == 0 ? ["spiffe://a/b"] : List()),
                EmailAddresses = Rarely(() => random.Next(2) == 0 ? ["a@example.org"] : List()),
                OtherNames = Rarely<IReadOnlyList<OtherNameSpec>>(() => [new OtherNameSpec { Oid = random.Next(2) == 0 ? "1.3.6.1.4.1.311.20.2.3" : Text(random), Utf8Value = Text(random) }]),
                Duration = Rarely(() => random.Next(2) == 0 ? "24h" : Text(random)),
                RenewBefore = Rarely(() => random.Next(2) == 0 ? "1h" : Text(random)),
                RenewBeforePercentage = random.Next(8) == 0 ? random.Next(-5, 110) : null,
                Renewal = Rarely(() => new RenewalSpec { Windows = [new() { Cron = random.Next(2) == 0 ? "0 2 29 feb sat" : Text(random), Timezone = Rarely(() => Text(random)), WindowDuration = random.Next(2) == 0 ? "876000h" : Text(random) }] }),
                IsCA = random.Next(4) switch { 0 => true, 1 => false, _ => null },
                Usages = Rarely(() => random.Next(2) == 0 ? ["client auth", "digital signature"] : List()),
                NameConstraints = Rarely(() => new NameConstraintsSpec { Critical = true, Permitted = Rarely(Subtrees), Excluded = Subtrees() }),
                PrivateKey = Rarely(() => new PrivateKeySpec
                {
                    Algorithm = random.Next(3) switch { 0 => "Ed25519", 1 => "ECDSA", _ => Rarely(() => Text(random)) },
                    Size = Rarely<object>(() => random.Next(0, 600)) as int? ?? (random.Next(3) == 0 ? 384 : null),
                    Encoding = random.Next(2) == 0 ? "PKCS1" : null,
                    RotationPolicy = random.Next(2) == 0 ? "Never" : null,
                }),
                Subject = Rarely(() => new SubjectSpec { Organizations = List(), Countries = Rarely<IReadOnlyList<string>>(() => ["DE"]), SerialNumber = Rarely(() => Text(random)) }),
                SecretTemplate = Rarely(() => new SecretTemplateSpec { Labels = new Dictionary<string, string> { [Text(random)] = Text(random) } }),
                AdditionalOutputFormats = Rarely<IReadOnlyList<OutputFormatSpec>>(() => [new OutputFormatSpec { Type = random.Next(2) == 0 ? "DER" : Text(random) }]),
                SecretDeletionPolicy = Rarely(() => random.Next(2) == 0 ? "Retain" : Text(random)),
            };

            IReadOnlyList<string> List() => [.. Enumerable.Range(0, random.Next(4)).Select(_ => Text(random))];

            NameSubtreesSpec Subtrees() => new() { DnsDomains = Rarely(List), IpRanges = Rarely<IReadOnlyList<string>>(() => ["10.0.0.0/8"]), EmailAddresses = Rarely(List), UriDomains = Rarely(List) };

            T? Rarely<T>(Func<T> make)
                where T : class?
                => random.Next(6) == 0 ? make() : null;
        }

        private static string Text(Random random) => random.Next(5) > 0
            ? Texts[random.Next(Texts.Length)]
            : string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => (char)random.Next(1, 0xD800)));
    }
}
