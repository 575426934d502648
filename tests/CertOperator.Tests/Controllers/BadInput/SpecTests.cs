using System.Globalization;

namespace CertOperator.Controllers.BadInput;

/// <summary>Specs that break a rule: told at once, with the former Secret untouched, and healed by the corrected spec.</summary>
public class SpecTests
{
    private const string Good = "dnsNames: [web.example.com]";

    [Theory]
    [InlineData("dnsNames: [under_score.example.com]", "\"under_score.example.com\"", "only letters, digits and hyphens")]
    [InlineData("dnsNames: [a.*.example.com]", "\"a.*.example.com\"", "only *.example.org is possible")]
    [InlineData("dnsNames: [bücher.example.com]", "write it as \"xn--bcher-kva.example.com\"")]
    [InlineData("dnsNames: [192.0.2.1]", "\"192.0.2.1\"", "put it under ipAddresses")]
    [InlineData("dnsNames: [web.example.com, WEB.example.com]", "2 times")]
    [InlineData("commonName: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "65 characters", "at most 64", "use dnsNames")]
    [InlineData("secretTemplate: {labels: {team: a}}", "No name is asked for")]
    [InlineData("dnsNames: [web.example.com], duration: 24h, renewBefore: 24h", "renewBefore 24h", "duration 24h")]
    [InlineData("dnsNames: [web.example.com], duration: 59s", "duration 59s is too short", "1m")]
    [InlineData("dnsNames: [web.example.com], renewBefore: 720h, renewBeforePercentage: 30", "renewBefore and renewBeforePercentage", "remove one")]
    [InlineData("dnsNames: [web.example.com], renewBeforePercentage: 0", "renewBeforePercentage 0", "1 to 99")]
    [InlineData("dnsNames: [web.example.com], renewBeforePercentage: 100", "renewBeforePercentage 100", "1 to 99")]
    [InlineData("dnsNames: [web.example.com], usages: [cert sign]", "cert sign", "isCA")]
    [InlineData("dnsNames: [web.example.com], usages: [serverauth]", "\"serverauth\"", "server auth")]
    [InlineData("dnsNames: [web.example.com], isCA: true", "common name")]
    [InlineData("commonName: Sub, isCA: true, nameConstraints: {permitted: {ipRanges: [10.0.0.0/99]}}", "10.0.0.0/99")]
    [InlineData("dnsNames: [web.example.com], privateKey: {algorithm: RSA, size: 1024}", "1024", "2048 to 8192")]
    [InlineData("dnsNames: [web.example.com], privateKey: {size: 2048}", "2048", "256, 384 or 521")]
    [InlineData("dnsNames: [web.example.com], subject: {countries: [Germany]}", "country")]
    [InlineData("dnsNames: [web.example.com], literalSubject: \"CN\"", "\"CN\"")]
    [InlineData("dnsNames: [web.example.com], literalSubject: \"CN=a\", commonName: a", "literalSubject excludes")]
    [InlineData("dnsNames: [web.example.com], secretTemplate: {labels: {\"a b\": c}}", "secretTemplate.labels", "\"a b\"")]
    [InlineData("dnsNames: [web.example.com], secretTemplate: {labels: {team: \"a b\"}}", "secretTemplate.labels[team]", "\"a b\"")]
    [InlineData("dnsNames: [web.example.com], secretTemplate: {labels: {app.kubernetes.io/managed-by: Helm}}", "app.kubernetes.io/managed-by", "remove it")]
    [InlineData("dnsNames: [web.example.com], secretTemplate: {annotations: {certoperator.io/spec-hash: x}}", "certoperator.io/spec-hash", "remove it")]
    [InlineData("dnsNames: [web.example.com], keystores: {jks: {create: true}}", "keystores.jks", "passwordSecretRef")]
    [InlineData("dnsNames: [web.example.com], keystores: {jks: {create: true, passwordSecretRef: {name: \"../root\"}}}", "passwordSecretRef.name \"../root\"")]
    public async Task A_broken_rule_is_told_and_its_mend_is_noticed(string spec, params string[] named)
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Web(Good));
        await world.SettleAsync();
        byte[] former = (await world.SecretAsync("web")).Data!["tls.crt"];

        world.Apply(Web(spec));
        await world.SettleAsync();
        await world.IsRefusedAsync("web", "InvalidSpec", named);
        Assert.Equal(former, (await world.SecretAsync("web")).Data!["tls.crt"]);

        world.Apply(Web(Good));
        await world.SettleAsync();
        await world.IsReadyAsync("web");
        Assert.Equal(former, (await world.SecretAsync("web")).Data!["tls.crt"]);
    }

    [Fact]
    public async Task A_secret_name_that_no_secret_can_have_is_told()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Web(Good, "My_Secret"));
        await world.SettleAsync();
        await world.IsRefusedAsync("web", "InvalidSpec", "secretName \"My_Secret\"", "lower-case");

        world.Apply(Web(Good));
        await world.SettleAsync();
        await world.IsReadyAsync("web");
    }

    [Fact]
    public async Task A_hundred_and_one_names_are_told_by_number()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Web($"dnsNames: [{string.Join(", ", Enumerable.Range(0, 101).Select(i => $"n{i.ToString(CultureInfo.InvariantCulture)}.example.com"))}]"));
        await world.SettleAsync();
        await world.IsRefusedAsync("web", "InvalidSpec", "101 names", "at most 100");
    }

    [Fact]
    public async Task Of_many_problems_the_first_three_are_told_and_the_rest_counted()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Web($"dnsNames: [{string.Join(", ", Enumerable.Range(0, 50).Select(i => $"bad_{i.ToString(CultureInfo.InvariantCulture)}"))}]"));
        await world.SettleAsync();
        string message = await world.IsRefusedAsync("web", "InvalidSpec", "bad_0", "bad_2", "And 47 more.");
        Assert.DoesNotContain("bad_3", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_mistake_is_told_once()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Web("dnsNames: [under_score.example.com]"));
        await world.SettleAsync();
        world.Apply(Web("dnsNames: [under_score.example.com]").Replace("name: web,", "name: web, labels: {touched: once},", StringComparison.Ordinal));
        await world.SettleAsync();
        await world.StopAsync();
        await world.SettleAsync();
        Assert.Single(world.Events("Certificate", "web"));
    }

    private static string Web(string spec, string secretName = "web") => $$"""
        apiVersion: certoperator.io/v1
        kind: Certificate
        metadata: {name: web, namespace: shop}
        spec: {secretName: {{secretName}}, issuerRef: {name: ca}, {{spec}}}
        """;
}
