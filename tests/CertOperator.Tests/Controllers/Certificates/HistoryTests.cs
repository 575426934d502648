using System.Text;
using System.Text.Json.Nodes;
using CertOperator.Api;
using CertOperator.Pki.Formats;
using CertOperator.Pki.Keys;
using CertOperator.Runtime.Client;
using CertOperator.Secrets;
using CertOperator.Testing.Processes;

namespace CertOperator.Controllers.Certificates;

/// <summary>Former key pairs are kept, bounded, and none is lost.</summary>
public class HistoryTests
{
    private static readonly ObjectKey Web = new("shop", "web");

    public static TheoryData<int, Cut> Cuts => [.. from write in Enumerable.Range(1, 4) from cut in Enum.GetValues<Cut>() select (write, cut)];

    [Fact]
    public async Task A_rotation_costs_one_write_more_and_keeps_key_and_certificate()
    {
        await using World world = await RotatedAsync("history: 2", 0);
        Secret first = await world.SecretAsync("web");
        Assert.Null(await world.FindSecretAsync("web-history"));
        world.Cluster.Requests.Clear();
        await RotateAsync(world, "history: 2", 1);

        Assert.Equal(2, world.Cluster.Requests.Counts.Where(entry => entry.Key is { Verb: "patch", Resource: "secrets" }).Sum(entry => entry.Value));
        Assert.Equal(1, world.Cluster.Requests.Counts.Where(entry => entry.Key is { Verb: "patch", Subresource: "status" }).Sum(entry => entry.Value));
        Secret history = await world.SecretAsync("web-history");
        Assert.Equal("certoperator.io/history", history.SecretType);
        Assert.Equal(["1.ca.crt", "1.issuer", "1.spec-hash", "1.tls.crt", "1.tls.key"], history.Data!.Keys.Order(StringComparer.Ordinal));
        Assert.All(["tls.crt", "tls.key", "ca.crt"], entry => Assert.Equal(first.Data![entry], history.Data[$"1.{entry}"]));
        Assert.Equal("1", history.Metadata.Annotations![Labels.Revisions]);
        Assert.Equal("2", (await world.SecretAsync("web")).Metadata.Annotations![Labels.Revision]);
        Assert.Equal((await world.CertificateAsync("web")).Metadata.Uid, Assert.Single(history.Metadata.OwnerReferences!).Uid);
        FormerRevision told = Assert.Single((await world.CertificateAsync("web")).Status!.History!);
        Assert.Equal((1, Leaf(first).SerialNumber, Leaf(first).NotAfter), (told.Revision, told.SerialNumber, told.NotAfter));
    }

    [Fact]
    public async Task Without_history_nothing_is_read_or_written_for_it()
    {
        await using World world = await RotatedAsync("", 0);
        world.Cluster.Requests.Clear();
        await RotateAsync(world, "", 1);

        Assert.DoesNotContain(world.Cluster.Requests.Counts, entry => entry.Key is { Verb: "get", Resource: "secrets" });
        Assert.Equal(1, world.Cluster.Requests.Counts.Where(entry => entry.Key is { Verb: "patch", Resource: "secrets" }).Sum(entry => entry.Value));
        Assert.Null((await world.CertificateAsync("web")).Status!.History);
    }

    [Fact]
    public async Task As_many_are_kept_as_asked_for_and_fewer_when_fewer_are()
    {
        await using World world = await RotatedAsync("history: 2", 4);
        Assert.Equal([4, 3], await KeptAsync(world));

        world.Apply(Samples.Certificate("web", "history: 1, " + Names(4)));
        await world.SettleAsync();
        Assert.Equal([4], await KeptAsync(world));

        world.Apply(Samples.Certificate("web", Names(4)));
        await world.SettleAsync();
        Assert.Empty((await world.SecretAsync("web-history")).Data ?? new Dictionary<string, byte[]>());
        Assert.Null((await world.CertificateAsync("web")).Status!.History);
        Assert.Equal(5, (await world.CertificateAsync("web")).Status!.Revision);
    }

    [Fact]
    public async Task It_goes_with_its_certificate_and_the_tls_secret_stays()
    {
        await using World world = await RotatedAsync("history: 2", 1);
        world.Cluster.Delete(Certificate.Type, Web);
        await world.SettleAsync();
        world.Cluster.CollectGarbage();

        Assert.Null(await world.FindSecretAsync("web-history"));
        Assert.NotNull(await world.FindSecretAsync("web"));
    }

    [Fact]
    public async Task A_secret_of_that_name_that_is_somebody_elses_is_left_alone_and_told()
    {
        await using World world = await RotatedAsync("history: 2", 0);
        world.Apply("""
            apiVersion: v1
            kind: Secret
            metadata: {name: web-history, namespace: shop}
            data: {mine: c2VjcmV0}
            """);
        await RotateAsync(world, "history: 2", 1);

        Assert.Equal(["mine"], (await world.SecretAsync("web-history")).Data!.Keys);
        Assert.Equal(2, (await world.CertificateAsync("web")).Status!.Revision);
        Assert.Contains("The Secret shop/web-history is somebody else's", world.Events("Certificate", "web")[^1].Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task What_somebody_else_wrote_into_the_secret_is_not_kept()
    {
        await using World world = await RotatedAsync("history: 2", 0);
        await world.StopAsync();
        world.Cluster.Patch(Secret.Type, Web, new JsonObject { ["data"] = new JsonObject { ["tls.key"] = Convert.ToBase64String("mine"u8) } });
        await world.SettleAsync();

        Assert.Null(await world.FindSecretAsync("web-history"));
        Assert.Equal(2, (await world.CertificateAsync("web")).Status!.Revision);
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public async Task A_cut_at_any_write_loses_no_pair_and_doubles_none(int write, Cut cut)
    {
        await using World world = await RotatedAsync("history: 2", 1);
        byte[] first = (await world.SecretAsync("web-history")).Data!["1.tls.key"], second = (await world.SecretAsync("web")).Data!["tls.key"];
        await world.StopAsync();
        var line = new CutClient(world.Client, write, cut);
        world.OperatorClient = line;
        world.Apply(Samples.Certificate("web", "history: 2, " + Names(2)));
        await world.StartAsync();
        await line.Happened.WaitAsync(TimeSpan.FromSeconds(60));
        if (cut is not Cut.AnswerOnly)
        {
            await world.StopAsync();
            world.OperatorClient = null;
        }

        await world.StartAsync();
        await Eventually.HoldsAsync("it is issued and told", async () => (await world.CertificateAsync("web")).Status is { Revision: 3, History.Count: 2 });
        await world.SettleAsync();

        IReadOnlyDictionary<string, byte[]> kept = (await world.SecretAsync("web-history")).Data!;
        Assert.Equal(["1.tls.key", "2.tls.key"], kept.Keys.Where(name => name.EndsWith("tls.key", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal(first, kept["1.tls.key"]);
        Assert.Equal(second, kept["2.tls.key"]);
        Assert.Equal([2, 1], await KeptAsync(world));
        Assert.Equal("3", (await world.SecretAsync("web")).Metadata.Annotations![Labels.Revision]);
    }

    [Fact]
    public void The_writes_that_are_cut_are_all_that_a_rotation_makes() => Assert.Equal(4 * 3, Cuts.Count);

    [Theory]
    [InlineData("5,4,3", 6, 0, 2, "6 5")]
    [InlineData("", 1, 2, 2, "1")]
    [InlineData("5,4", 3, 6, 2, "3 5")]
    [InlineData("4,3", 5, 3, 1, "3 5")]
    [InlineData("4,3", 5, 4, 5, "4 5 3")]
    [InlineData("5,4", 5, 6, 1, "5")]
    public void What_is_being_replaced_comes_first_then_the_latest_and_what_takes_its_place_stays(string known, int replaced, int next, int count, string kept)
        => Assert.Equal(kept, Revisions(FormerPairs.Choose([.. known.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(text => Pair(int.Parse(text)))], Pair(replaced), next, count, Now)));

    [Fact]
    public void Expired_pairs_are_dropped_and_so_are_those_that_do_not_fit()
    {
        Assert.Equal("4 2", Revisions(FormerPairs.Choose([Pair(3, expired: true), Pair(2)], Pair(4), 5, 5, Now)));
        Assert.Equal("9 8", Revisions(FormerPairs.Choose([Pair(8, 400_000), Pair(7, 400_000)], Pair(9, 400_000), 10, 5, Now)));
        Assert.Empty(FormerPairs.Latest([Pair(3), Pair(2)], 4, 0, Now));
        Assert.Equal("3 1", Revisions(FormerPairs.Latest([Pair(3), Pair(2), Pair(1)], 2, 5, Now)));
    }

    private static DateTimeOffset Now { get; } = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static FormerPair Pair(int revision, int bytes = 10, bool expired = false)
        => new(revision, new Dictionary<string, byte[]> { ["tls.key"] = new byte[bytes] }, "00", expired ? Now : Now.AddDays(1));

    private static string Revisions(IEnumerable<FormerPair> pairs) => string.Join(' ', pairs.Select(pair => pair.Revision));

    /// <summary>A Certificate that was issued once, and then again as often as asked.</summary>
    internal static async Task<World> RotatedAsync(string more, int times)
    {
        World world = await World.WithCaAsync();
        for (int rotation = 0; rotation <= times; rotation++)
            await RotateAsync(world, more, rotation);
        return world;
    }

    internal static async Task RotateAsync(World world, string more, int rotation)
    {
        world.Apply(Samples.Certificate("web", string.Join(", ", new[] { more, Names(rotation) }.Where(part => part.Length > 0))));
        await world.SettleAsync();
        Assert.Equal("True", (await world.ReadyAsync("web")).Status);
    }

    /// <summary>Of the spec: another one for each number has it issued again.</summary>
    private static string Names(int rotation) => $"duration: {2160 + rotation}h";

    internal static async Task<IEnumerable<int>> KeptAsync(World world)
    {
        int[] told = [.. (await world.CertificateAsync("web")).Status!.History!.Select(pair => pair.Revision)];
        Secret history = await world.SecretAsync("web-history");
        Assert.Equal(told, history.Metadata.Annotations![Labels.Revisions].Split(',').Select(int.Parse));
        foreach (int revision in told)
        {
            using PrivateKey key = PrivateKey.ReadPem(history.Data![$"{revision}.tls.key"]);
            Assert.Equal(key.PublicKeyInfo, Pem.ReadCertificates(history.Data[$"{revision}.tls.crt"])[0].PublicKeyInfo.ToArray());
            Assert.Equal("Issuer/ca", Encoding.UTF8.GetString(history.Data[$"{revision}.issuer"]));
        }

        return told;
    }

    private static CertOperator.Pki.IssuedCertificate Leaf(Secret secret) => Pem.ReadCertificates(secret.Data![SecretEntries.Certificate])[0];
}
