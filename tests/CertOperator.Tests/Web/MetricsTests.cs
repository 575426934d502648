using System.Net;
using System.Text.RegularExpressions;
using CertOperator.Api;
using CertOperator.Controllers;
using CertOperator.Controllers.Certificates;
using CertOperator.Controllers.Served;
using CertOperator.Issuers.Acme;
using CertOperator.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace CertOperator.Web;

public sealed partial class MetricsTests
{
    private const string Web = "namespace=\"shop\",name=\"web\",issuer_kind=\"Issuer\",issuer_name=\"ca\"";

    [Fact]
    public async Task An_issued_certificate_has_its_dates_and_is_counted()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Certificate("web"));
        await world.SettleAsync();
        CertificateStatus status = (await world.CertificateAsync("web")).Status!;

        string[] lines = await ScrapeAsync(world);

        Assert.Contains($"certoperator_certificate_not_after_timestamp_seconds{{{Web}}} {status.NotAfter!.Value.ToUnixTimeSeconds()}", lines);
        Assert.Contains($"certoperator_certificate_not_before_timestamp_seconds{{{Web}}} {status.NotBefore!.Value.ToUnixTimeSeconds()}", lines);
        Assert.Contains($"certoperator_certificate_renewal_timestamp_seconds{{{Web}}} {status.RenewalTime!.Value.ToUnixTimeSeconds()}", lines);
        Assert.Contains($"certoperator_certificate_ready{{{Web}}} 1", lines);
        Assert.Contains($"certoperator_certificate_failed_attempts{{{Web},reason=\"\"}} 0", lines);
        Assert.Contains("certoperator_issuer_ready{kind=\"Issuer\",namespace=\"shop\",name=\"ca\"} 1", lines);
        Assert.Contains(lines, line => line.StartsWith("certoperator_issuer_ca_not_after_timestamp_seconds{kind=\"Issuer\",namespace=\"shop\",name=\"ca\"} ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("certoperator_build_info{", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.StartsWith("certoperator_unmanaged_secret_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Attempts_are_counted_by_issuer_and_by_what_came_of_them_as_long_as_the_issuer_is_there()
    {
        const string Issuer = "certoperator_issuance_attempts_total{kind=\"Issuer\",namespace=\"shop\",name=\"ca\",result=";
        await using World world = await World.WithCaAsync();
        await using WebApplication server = await ServeAsync(world);
        Assert.Contains(Issuer + "\"issued\"} 0", await ScrapeAsync(world));
        world.Apply(Samples.Certificate("web"));
        await world.SettleAsync();
        world.Apply("{apiVersion: v1, kind: Secret, metadata: {name: blocked, namespace: shop}, type: Opaque}");
        world.Apply(Samples.Certificate("blocked"));
        await world.SettleAsync();

        string[] lines = await ScrapeAsync(server);

        Assert.Contains("# TYPE certoperator_issuance_attempts_total counter", lines);
        Assert.Contains(Issuer + "\"issued\"} 1", lines);
        Assert.Contains($"{Issuer}\"{SecretOwnership.WrongType}\"}} 1", lines);
        Assert.Contains(lines, line => line.StartsWith("certoperator_issuance_duration_seconds_bucket{", StringComparison.Ordinal) && line.Contains("issuer_type=\"ca\"", StringComparison.Ordinal));

        world.Cluster.Delete(Api.Issuer.Type, new("shop", "ca"));
        await world.SettleAsync();

        Assert.DoesNotContain(await ScrapeAsync(server), line => line.StartsWith(Issuer, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_certificate_that_was_never_issued_has_no_dates_and_tells_its_failures()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Certificate("web", issuer: "nowhere"));
        await world.SettleAsync();

        string[] lines = await ScrapeAsync(world);

        string labels = Web.Replace("\"ca\"", "\"nowhere\"", StringComparison.Ordinal);
        Assert.Contains($"certoperator_certificate_ready{{{labels}}} 0", lines);
        Assert.DoesNotContain(lines, line => line.Contains($"_timestamp_seconds{{{labels}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Series_go_with_their_object()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Certificate("web"));
        await world.SettleAsync();
        Assert.Contains(await ScrapeAsync(world), line => line.Contains(Web, StringComparison.Ordinal));

        world.Cluster.Delete(Certificate.Type, new("shop", "web"));
        await world.SettleAsync();

        string[] lines = await ScrapeAsync(world);
        Assert.DoesNotContain(lines, line => line.Contains(Web, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_an_ACME_server_suggests_and_what_it_may_still_be_asked_for_is_told()
    {
        await using AcmeWorld acme = await AcmeWorld.StartAsync(more: "    budget: {newOrders: {count: 5, per: 1h} }");
        Assert.DoesNotContain(await ScrapeAsync(acme.World), line => line.StartsWith("certoperator_acme_orders_left{", StringComparison.Ordinal));
        acme.World.Apply(Samples.Certificate("web", issuer: "acme"));
        await acme.UntilReadyAsync("web");
        TimeWindow window = (await acme.StatusAsync("web")).RenewalInfo!.SuggestedWindow!;

        string[] lines = await ScrapeAsync(acme.World);
        string labels = Web.Replace("\"ca\"", "\"acme\"", StringComparison.Ordinal);
        Assert.Contains($"certoperator_certificate_suggested_renewal_start_timestamp_seconds{{{labels}}} {window.Start.ToUnixTimeSeconds()}", lines);
        Assert.Contains($"certoperator_certificate_suggested_renewal_end_timestamp_seconds{{{labels}}} {window.End.ToUnixTimeSeconds()}", lines);
        Assert.Contains("certoperator_acme_orders_left{kind=\"Issuer\",namespace=\"shop\",name=\"acme\"} 4", lines);

        acme.Time.Advance(TimeSpan.FromMinutes(61));
        Assert.Contains("certoperator_acme_orders_left{kind=\"Issuer\",namespace=\"shop\",name=\"acme\"} 5", await ScrapeAsync(acme.World));
    }

    [Fact]
    public async Task A_Secret_of_others_is_watched_for_its_end()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Certificate("web"));
        await world.SettleAsync();
        world.Cluster.Delete(Certificate.Type, new("shop", "web"));
        world.Apply("""
            apiVersion: v1
            kind: Secret
            metadata: {name: broken, namespace: shop}
            type: kubernetes.io/tls
            data: {tls.crt: "", tls.key: ""}
            """);
        await world.SettleAsync();

        string[] lines = await ScrapeAsync(world);

        Assert.Contains("certoperator_unmanaged_secret_usable{namespace=\"shop\",name=\"broken\"} 0", lines);
        Assert.DoesNotContain(lines, line => line.StartsWith("certoperator_unmanaged_secret_not_after", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Findings_of_audits_are_counted_by_kind_and_by_Ingress()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Ingress("one", "{hosts: [a.example.com]}", ""));
        world.Apply(Samples.Ingress("two", "{hosts: [a.example.com]}", ""));
        await world.SettleAsync();

        string[] lines = await ScrapeAsync(world);
        Assert.Contains("certoperator_audit_findings{code=\"NoClass\",severity=\"warning\"} 2", lines);
        Assert.Contains("certoperator_audit_findings{code=\"Expired\",severity=\"error\"} 0", lines);
        Assert.Contains("certoperator_ingress_audit_findings{namespace=\"shop\",name=\"two\",code=\"DefaultCertificate\",severity=\"note\"} 1", lines);

        world.Cluster.Delete(Ingress.Type, new("shop", "two"));
        await world.SettleAsync();

        lines = await ScrapeAsync(world);
        Assert.Contains("certoperator_audit_findings{code=\"NoClass\",severity=\"warning\"} 1", lines);
        Assert.DoesNotContain(lines, line => line.Contains("name=\"two\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_served_is_told_of_Certificates_of_which_it_is_known()
    {
        await using ServedWorld served = await ServedWorld.StartAsync();
        await using WebApplication server = await ServeAsync(served.World);
        served.World.Apply(Samples.Certificate("alone"));
        await served.AddAsync("web");
        Assert.DoesNotContain(await ScrapeAsync(server), line => line.StartsWith("certoperator_certificate_served_mismatch{", StringComparison.Ordinal));

        await served.TakeUpAsync("web");
        await served.PassAsync(TimeSpan.FromSeconds(4));
        Assert.Equal([$"certoperator_certificate_served_mismatch{{{Web}}} 0"], Mismatches(await ScrapeAsync(server)));

        await served.TakeUpAsync("alone", "web.example.com");
        await served.RotateAsync("web");
        await served.PassAsync(TimeSpan.FromMinutes(11));
        string[] lines = await ScrapeAsync(server);
        Assert.Equal([$"certoperator_certificate_served_mismatch{{{Web}}} 1"], Mismatches(lines));
        Assert.Contains("certoperator_audit_findings{code=\"ServedMismatch\",severity=\"error\"} 1", lines);
        Assert.Contains(lines, line => line.StartsWith("certoperator_served_probes_total{", StringComparison.Ordinal) && line.Contains("result=\"OtherCertificate\"", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("certoperator_served_probes_total{", StringComparison.Ordinal) && line.Contains("result=\"Served\"", StringComparison.Ordinal));

        served.World.Cluster.Delete(Ingress.Type, new("shop", "web"));
        await served.World.SettleAsync();
        Assert.Empty(Mismatches(await ScrapeAsync(server)));

        static IEnumerable<string> Mismatches(string[] lines) => lines.Where(line => line.StartsWith("certoperator_certificate_served_mismatch{", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_the_text_says_is_escaped()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Certificate("web", issuer: "'c\"a\\'"));
        await world.SettleAsync();

        Assert.Contains("certoperator_certificate_ready{namespace=\"shop\",name=\"web\",issuer_kind=\"Issuer\",issuer_name=\"c\\\"a\\\\\"} 0", await ScrapeAsync(world));
    }

    [Theory]
    [InlineData("application/openmetrics-text; version=1.0.0")]
    [InlineData("*/*")]
    public async Task Whoever_scrapes_gets_the_same_format(string accept)
    {
        await using World world = await World.WithCaAsync();
        await using WebApplication server = await ServeAsync(world);
        using HttpClient client = ClientOf(server);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.TryAddWithoutValidation("Accept", accept);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip");

        using HttpResponseMessage answer = await client.SendAsync(request);

        Assert.Equal("text/plain", answer.Content.Headers.ContentType?.MediaType);
        string body = await answer.Content.ReadAsStringAsync();
        Assert.StartsWith("# TYPE", body, StringComparison.Ordinal);
        Assert.DoesNotContain("# EOF", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_metric_is_known_by_name_and_stands_in_the_table_of_the_page()
    {
        await using AcmeWorld acme = await AcmeWorld.StartAsync();
        await using WebApplication server = await ServeAsync(acme.World);
        acme.World.Apply(Samples.Certificate("web", issuer: "acme"));
        await acme.UntilReadyAsync("web");

        string[] exported = [.. ExportedMetrics.OfObjects(acme.World.Operator), .. ExportedMetrics.OfInstruments()];

        Assert.Empty(ExportedMetrics.TypesIn(await ScrapeAsync(server)).Except(exported).Except(["target_info"]));
        string page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "alerts.md"));
        string[] told = [.. MetricName().Matches(page.Split("\n## Metrics\n")[1].Split("\n## ")[0]).Select(name => name.Groups["name"].Value)];
        string[] own = [.. exported.Where(name => name.StartsWith("certoperator_", StringComparison.Ordinal) && !PartOfHistogram().IsMatch(name))];
        Assert.Equal(own.Order(StringComparer.Ordinal), told.Order(StringComparer.Ordinal));
    }

    private static async Task<string[]> ScrapeAsync(World world)
    {
        await using WebApplication server = await ServeAsync(world);
        return await ScrapeAsync(server);
    }

    private static async Task<string[]> ScrapeAsync(WebApplication server)
    {
        using HttpClient client = ClientOf(server);
        return (await client.GetStringAsync(new Uri("/metrics", UriKind.Relative))).Split('\n');
    }

    private static async Task<WebApplication> ServeAsync(World world)
    {
        WebApplication server = OperatorServer.Create(world.Operator, new IPEndPoint(IPAddress.Loopback, 0), world.Log);
        await server.StartAsync();
        return server;
    }

    private static HttpClient ClientOf(WebApplication server) => new()
    {
        BaseAddress = new Uri(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()),
    };

    [GeneratedRegex("`(?<name>certoperator_[a-z0-9_]+)`")]
    private static partial Regex MetricName();

    [GeneratedRegex("_seconds_(bucket|sum|count)$")]
    private static partial Regex PartOfHistogram();
}
