using CertOperator.Api;
using CertOperator.Testing.Processes;

namespace CertOperator.Controllers;

/// <summary>Keystores in the Secret, read by the programs that users read them with.</summary>
public sealed class KeystoreTests : IDisposable
{
    private const string Both =
        "keystores: {pkcs12: {create: true, passwordSecretRef: {name: stores} }, jks: {create: true, alias: web, passwordSecretRef: {name: stores, key: java} } }";

    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cert-operator-keystores-");

    [Fact]
    public async Task Openssl_and_keytool_open_them_with_the_passwords_of_the_secret()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Passwords("first1", "second2"));
        world.Apply(Samples.Certificate("web", Both));
        await world.SettleAsync();

        Secret secret = await world.SecretAsync("web");
        Assert.Equal(FirstPem(secret.Data!["tls.crt"]), FirstPem(await OpensslAsync(secret, "keystore.p12", "first1", "-clcerts", "-nokeys")));
        Assert.Equal(FirstPem(secret.Data["ca.crt"]), FirstPem(await OpensslAsync(secret, "truststore.p12", "first1", "-nokeys")));
        Assert.Equal(FirstPem(secret.Data["tls.crt"]), FirstPem(await KeytoolAsync(secret, "keystore.jks", "second2", "web")));
        Assert.Equal(FirstPem(secret.Data["ca.crt"]), FirstPem(await KeytoolAsync(secret, "truststore.jks", "second2", "ca-0")));
    }

    [Theory]
    [InlineData("Modern2023", "")]
    [InlineData("LegacyDES", "")]
    [InlineData("LegacyRC2", "-legacy")]
    public async Task Each_profile_of_pkcs12_is_read(string profile, string option)
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Certificate("web", $"keystores: {{pkcs12: {{create: true, password: inline1, profile: {profile} }} }}"));
        await world.SettleAsync();

        Secret secret = await world.SecretAsync("web");
        string[] options = option.Length == 0 ? ["-nokeys", "-clcerts"] : ["-nokeys", "-clcerts", option];
        Assert.Equal(FirstPem(secret.Data!["tls.crt"]), FirstPem(await OpensslAsync(secret, "keystore.p12", "inline1", options)));
    }

    [Fact]
    public async Task A_changed_password_secret_is_found_and_the_stores_made_again_without_a_new_certificate()
    {
        var time = new FakeTimeProvider(Start);
        await using World world = await World.WithCaAsync(time: time);
        world.Apply(Passwords("first1", "second2"));
        world.Apply(Samples.Certificate("web", Both));
        await world.SettleAsync();
        byte[] leaf = (await world.SecretAsync("web")).Data!["tls.crt"];

        world.Apply(Passwords("third3", "second2"));
        await PassAsync(time, world, TimeSpan.FromMinutes(6), async () => await OpensAsync(await world.SecretAsync("web"), "third3"));
        Secret secret = await world.SecretAsync("web");
        Assert.Equal(leaf, secret.Data!["tls.crt"]);
        Assert.False(await OpensAsync(secret, "first1"));
    }

    [Fact]
    public async Task A_changed_password_or_alias_in_the_spec_counts_at_once_without_a_new_certificate()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Certificate("web", "keystores: {pkcs12: {create: true, password: inline1}, jks: {create: true, password: inline2} }"));
        await world.SettleAsync();
        byte[] leaf = (await world.SecretAsync("web")).Data!["tls.crt"];
        Assert.True(await OpensAsync(await world.SecretAsync("web"), "inline1"));

        world.Apply(Samples.Certificate("web", "keystores: {pkcs12: {create: true, password: inline3}, jks: {create: true, password: inline2, alias: other} }"));
        await world.SettleAsync();
        Secret secret = await world.SecretAsync("web");
        Assert.Equal(leaf, secret.Data!["tls.crt"]);
        Assert.True(await OpensAsync(secret, "inline3"));
        Assert.Equal(FirstPem(leaf), FirstPem(await KeytoolAsync(secret, "keystore.jks", "inline2", "other")));
    }

    [Fact]
    public async Task A_missing_password_is_told_and_its_appearance_is_noticed()
    {
        var time = new FakeTimeProvider(Start);
        await using World world = await World.WithCaAsync(time: time);
        world.Apply(Samples.Certificate("web", Both));
        await world.SettleAsync();

        var ready = await world.ReadyAsync("web");
        Assert.Equal(("False", "KeystorePasswordMissing"), (ready.Status, ready.Reason));
        Assert.Contains("shop/stores", ready.Message, StringComparison.Ordinal);
        Assert.Contains("create it with the key", ready.Message, StringComparison.Ordinal);
        Assert.Contains("KeystorePasswordMissing", world.EventReasons("Certificate", "web"));

        world.Apply(Passwords("first1", "second2"));
        await PassAsync(time, world, TimeSpan.FromSeconds(31), async () => (await world.ReadyAsync("web")).Status == "True");
        Assert.True(await OpensAsync(await world.SecretAsync("web"), "first1"));
    }

    [Fact]
    public async Task A_certificate_that_fits_into_no_keystore_is_told()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Certificate("web", "keystores: {pkcs12: {create: true, password: inline1} }", issuer: "bootstrap"));
        await world.SettleAsync();

        var ready = await world.ReadyAsync("web");
        Assert.Equal("KeystoreRefused", ready.Reason);
        Assert.Contains("Give the certificate a commonName", ready.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_secret_without_the_key_is_told_with_the_key()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Passwords("first1", "second2").Replace("java:", "other:", StringComparison.Ordinal));
        world.Apply(Samples.Certificate("web", Both));
        await world.SettleAsync();
        Assert.Contains("has no key java", (await world.ReadyAsync("web")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("keystores: {pkcs12: {create: false, password: inline1}, jks: {create: false, password: inline1} }")]
    public async Task Stores_that_are_wanted_no_more_leave_the_secret(string keystores)
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Passwords("first1", "second2"));
        world.Apply(Samples.Certificate("web", Both));
        await world.SettleAsync();
        byte[] leaf = (await world.SecretAsync("web")).Data!["tls.crt"];
        Assert.Equal(7, (await world.SecretAsync("web")).Data!.Count);

        world.Apply(Samples.Certificate("web", keystores));
        await world.SettleAsync();
        Secret secret = await world.SecretAsync("web");
        Assert.Equal(["ca.crt", "tls.crt", "tls.key"], secret.Data!.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(leaf, secret.Data["tls.crt"]);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Passwords(string password, string java) => $$"""
        apiVersion: v1
        kind: Secret
        metadata: {name: stores, namespace: shop}
        stringData: {password: {{password}}, java: {{java}} }
        """;

    /// <summary>Lets time pass; when that wakes whom is not for the clock to say, so the outcome is waited for.</summary>
    private static async Task PassAsync(FakeTimeProvider time, World world, TimeSpan passed, Func<Task<bool>> outcome)
    {
        time.Advance(passed);
        await Eventually.HoldsAsync("what time brings is done", async () =>
        {
            await world.SettleAsync();
            return await outcome();
        });
    }

    private async Task<byte[]> OpensslAsync(Secret secret, string entry, string password, params string[] options)
    {
        CommandResult result = await Command.RunAsync("openssl", ["pkcs12", "-in", Write(secret, entry), "-passin", $"pass:{password}", .. options]);
        return System.Text.Encoding.UTF8.GetBytes(result.OrThrow());
    }

    private async Task<bool> OpensAsync(Secret secret, string password)
        => (await Command.RunAsync("openssl", ["pkcs12", "-in", Write(secret, "keystore.p12"), "-passin", $"pass:{password}", "-nokeys"])).ExitCode == 0;

    private async Task<byte[]> KeytoolAsync(Secret secret, string entry, string password, string alias)
    {
        Assert.SkipUnless(OnPath("keytool"), "keytool, a part of Java, is not on this machine.");
        CommandResult result = await Command.RunAsync(
            "keytool", ["-exportcert", "-rfc", "-keystore", Write(secret, entry), "-storetype", "JKS", "-storepass", password, "-alias", alias]);
        return System.Text.Encoding.UTF8.GetBytes(result.OrThrow());
    }

    private static bool OnPath(string program)
        => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    private string Write(Secret secret, string entry)
    {
        string path = Path.Combine(_folder.FullName, entry);
        File.WriteAllBytes(path, secret.Data![entry]);
        return path;
    }

    /// <summary>The octets of the first certificate in some text.</summary>
    private static string FirstPem(byte[] text)
        => Convert.ToHexString(System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(System.Text.Encoding.UTF8.GetString(text)).RawData);
}
