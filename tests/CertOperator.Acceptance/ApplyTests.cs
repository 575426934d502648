using CertOperator.Api;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;
using CertOperator.Telemetry;
using CertOperator.Testing;
using CertOperator.Testing.Cluster;

namespace CertOperator.Acceptance;

/// <summary>Server-side apply of the operator's own kinds, as the real API server does it.</summary>
public class ApplyTests(ClusterFixture fixture)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static readonly Dictionary<string, string> Map = new() { ["team"] = "a", ["example.com/more"] = "b" };

    private static readonly CertificateSpec Least = new() { SecretName = "web", IssuerRef = new IssuerRef { Name = "ca" }, DnsNames = ["web.example.com"] };

    /// <summary>Each drops something that was applied before, a whole map at the end.</summary>
    private static readonly CertificateSpec[] Fuller =
    [
        Least with { SecretTemplate = new SecretTemplateSpec { Labels = Map } },
        Least with { SecretTemplate = new SecretTemplateSpec { Annotations = Map } },
        Least with { SecretTemplate = new SecretTemplateSpec { Labels = Map, Annotations = Map } },
        Least with { SecretTemplate = new SecretTemplateSpec { Labels = new Dictionary<string, string>() } },
        Least with { SecretTemplate = new SecretTemplateSpec() },
        Least with { Subject = new SubjectSpec { Organizations = ["a"], SerialNumber = "1" }, CommonName = "web" },
        Least with { PrivateKey = new PrivateKeySpec { Algorithm = "RSA", Size = 2048 } },
        Least with { PrivateKey = new PrivateKeySpec() },
        Least with { Keystores = new KeystoresSpec { Jks = new JksSpec { Create = true, PasswordSecretRef = new SecretKeyRef { Name = "a" } } } },
        Least with { IsCA = true, NameConstraints = new NameConstraintsSpec { Permitted = new NameSubtreesSpec { DnsDomains = ["a"] } } },
        Least with { AdditionalOutputFormats = [new OutputFormatSpec { Type = "DER" }], Usages = ["server auth"], Duration = "24h" },
    ];

    [Fact]
    public async Task Whatever_of_a_spec_is_applied_can_be_left_out_again()
    {
        var (client, ns) = await ConnectAsync();
        using var _ = client;
        foreach (CertificateSpec fuller in Fuller)
        {
            foreach (CertificateSpec spec in (CertificateSpec[])[fuller, Least, Fuller[2], fuller])
            {
                Certificate applied = await client.ApplyAsync(Web(ns, spec), "tester", force: true, Cancel);
                Assert.Equal(spec.SecretTemplate?.Labels?.Count ?? 0, applied.Spec!.SecretTemplate?.Labels?.Count ?? 0);
                Assert.Equal(spec.SecretTemplate?.Annotations?.Count ?? 0, applied.Spec!.SecretTemplate?.Annotations?.Count ?? 0);
                Assert.Equal(DesiredHash(spec), DesiredHash(applied.Spec!));
            }
        }
    }

    [Fact]
    public async Task Labels_annotations_and_owners_can_be_left_out_again()
    {
        var (client, ns) = await ConnectAsync();
        using var _ = client;
        Certificate owner = await client.ApplyAsync(Web(ns, Least) with { Metadata = new ObjectMeta { Name = "owner", Namespace = ns } }, "tester", force: true, Cancel);
        Certificate full = Web(ns, Least) with
        {
            Metadata = new ObjectMeta { Name = "web", Namespace = ns, Labels = Map, Annotations = Map, OwnerReferences = [Owners.Reference(owner)] },
        };
        await client.ApplyAsync(full, "tester", force: true, Cancel);
        Certificate least = await client.ApplyAsync(Web(ns, Least), "tester", force: true, Cancel);

        Assert.Equal(0, least.Metadata.Labels?.Count ?? 0);
        Assert.Equal(0, least.Metadata.Annotations?.Count ?? 0);
        Assert.Equal(0, least.Metadata.OwnerReferences?.Count ?? 0);
    }

    [Fact]
    public async Task The_status_of_a_certificate_that_is_gone_does_not_bring_it_back()
    {
        var (client, ns) = await ConnectAsync();
        using var _ = client;
        Certificate former = await client.ApplyAsync(Web(ns, Least), "tester", force: true, Cancel);
        var status = new Certificate
        {
            Metadata = new ObjectMeta { Name = "web", Namespace = ns, Uid = former.Metadata.Uid },
            Status = new CertificateStatus { Revision = 1 },
        };
        await client.DeleteAsync<Certificate>(new ObjectKey(ns, "web"), null, Cancel);
        var gone = await Assert.ThrowsAsync<KubeException>(() => client.ApplyStatusAsync(status, ApiGroup.StatusManager, Cancel));
        Assert.Equal(KubeFailure.NotFound, gone.Failure);
        Assert.Null(await client.FindAsync<Certificate>(new ObjectKey(ns, "web"), Cancel));
    }

    private static Certificate Web(string ns, CertificateSpec spec) => new() { Metadata = new ObjectMeta { Name = "web", Namespace = ns }, Spec = spec };

    /// <summary>What it asks for, or why it asks for nothing.</summary>
    private static string DesiredHash(CertificateSpec spec)
        => DesiredCertificate.From(spec, out IReadOnlyList<string> problems)?.SpecHash ?? string.Join(' ', problems);

    private async Task<(KubeClient Client, string Namespace)> ConnectAsync()
    {
        TestCluster cluster = await fixture.GetAsync();
        await cluster.DefineAsync(Path.Combine(Repository.Root, "config", "crd", "crds.yaml"));
        var client = new KubeClient(KubeConfig.FromFiles([cluster.AdminKubeconfig], null), Product.UserAgent, TimeProvider.System);
        return (client, await cluster.CreateNamespaceAsync());
    }
}
