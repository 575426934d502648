using System.Text;
using CertOperator.Acme.Certificates;
using CertOperator.Acme.Challenges;
using CertOperator.Acme.Errors;
using CertOperator.Acme.Orders;
using CertOperator.Acme.Protocol;
using CertOperator.Acme.Renewal;
using CertOperator.Testing.Fuzzing;
using FsCheck;
using FsCheck.Xunit;

namespace CertOperator.Acme.Tests.Protocol;

/// <summary>
/// Answers of real CAs, in the folder Corpus, with a few places changed: each is read within its limits or refused with an
/// <see cref="AcmeException"/> of bounded words, at a price in proportion to its length.
/// </summary>
public sealed class AnswerFuzzTests
{
    private const int Cases = 1000;
    private const int MaxMessage = 1600;
    private const long FixedPart = 512 * 1024;
    private const int Factor = 64;

    private static readonly Uri Url = new("https://ca.example/acme/resource/1");

    private static readonly Corpus Directories = Corpus.Read("Corpus", "directory");
    private static readonly Corpus Orders = Corpus.Read("Corpus", "order");
    private static readonly Corpus Authorizations = Corpus.Read("Corpus", "authorization");
    private static readonly Corpus Problems = Corpus.Read("Corpus", "problem");
    private static readonly Corpus Renewals = Corpus.Read("Corpus", "renewal");
    private static readonly Corpus Chains = Corpus.Read("Corpus", "chain");
    private static readonly Corpus Links = Corpus.ReadLines("Corpus", "link");
    private static readonly Corpus RetryAfters = Corpus.ReadLines("Corpus", "retry-after");

    [Fact]
    public void What_real_servers_send_is_read()
    {
        Assert.All(Directories.Items, body => Assert.NotNull(ReadDirectory(body)));
        Assert.All(Orders.Items, body => Assert.NotEqual(OrderStatus.Unknown, ReadOrder(body)!.Status));
        Assert.All(Authorizations.Items, body => Assert.NotEmpty(ReadAuthorization(body)!.Challenges));
        Assert.Equal(["compound", "malformed", null, "rateLimited"], Problems.Items.Select(body => ReadProblem(body)?.Type));
        Assert.All(Renewals.Items, body => Assert.NotNull(ReadRenewal(body)));
        Assert.All(Chains.Items, body => Assert.Equal(2, ReadChain(body)!.Count));
        Assert.All(Links.Items, header => Assert.NotEmpty(ReadLinks(header)!));
        Assert.All(RetryAfters.Items, header => Assert.NotNull(ReadRetryAfter(header)));
    }

    [Property(MaxTest = Cases)]
    public void Directories_are_read_within_limits(DoNotSize<int> seed)
    {
        if (ReadDirectory(Directories.Mutate(seed.Item)) is not { } directory) return;
        Assert.True(directory.CaaIdentities.Count <= AcmeLimits.MetaEntries && (directory.Profiles?.Count ?? 0) <= AcmeLimits.MetaEntries);
        Assert.All(directory.CaaIdentities.Concat(directory.Profiles?.Keys ?? []), AssertShort);
        Assert.All(new[] { directory.NewNonce, directory.NewAccount, directory.NewOrder }, AssertRequestable);
    }

    [Property(MaxTest = Cases)]
    public void Orders_are_read_within_limits(DoNotSize<int> seed)
    {
        if (ReadOrder(Orders.Mutate(seed.Item)) is not { } order) return;
        Assert.True(order.Identifiers.Count <= AcmeLimits.Identifiers && order.Authorizations.Count <= AcmeLimits.Identifiers);
        Assert.All(order.Identifiers.Select(name => name.Value).Append(order.StatusText).Append(order.Profile ?? "").Append(order.Replaces ?? ""), AssertShort);
        Assert.All(order.Authorizations.Append(order.Finalize), AssertRequestable);
        AssertBounded(order.Error);
    }

    [Property(MaxTest = Cases)]
    public void Authorizations_are_read_within_limits(DoNotSize<int> seed)
    {
        if (ReadAuthorization(Authorizations.Mutate(seed.Item)) is not { } authorization) return;
        AssertShort(authorization.Identifier.Value);
        Assert.True(authorization.Challenges.Count <= AcmeLimits.Challenges);
        foreach (var challenge in authorization.Challenges)
        {
            AssertShort(challenge.Type);
            AssertRequestable(challenge.Url);
            Assert.True(challenge.Token is null || KeyAuthorization.IsToken(challenge.Token));
            AssertBounded(challenge.Error);
        }
    }

    [Property(MaxTest = Cases)]
    public void Problems_are_read_within_limits(DoNotSize<int> seed) => AssertBounded(ReadProblem(Problems.Mutate(seed.Item)));

    [Property(MaxTest = Cases)]
    public void Renewal_windows_end_after_they_begin(DoNotSize<int> seed)
    {
        if (ReadRenewal(Renewals.Mutate(seed.Item)) is { } renewal) Assert.True(renewal.End > renewal.Start && renewal.NextCheck > Some.Now);
    }

    [Property(MaxTest = Cases)]
    public void Chains_are_of_at_most_twenty_certificates(DoNotSize<int> seed)
    {
        if (ReadChain(Chains.Mutate(seed.Item)) is { } chain) Assert.InRange(chain.Count, 1, AcmeLimits.Certificates);
    }

    [Property(MaxTest = Cases)]
    public void Links_are_few_and_lead_where_requests_may_go(DoNotSize<int> seed)
    {
        var links = ReadLinks(Links.Mutate(seed.Item))!;
        Assert.True(links.Count <= AcmeLimits.Links);
        Assert.All(links, link => AssertRequestable(link.Target));
    }

    [Property(MaxTest = Cases)]
    public void A_Retry_After_is_within_a_week_or_none(DoNotSize<int> seed)
    {
        if (ReadRetryAfter(RetryAfters.Mutate(seed.Item)) is { } at) Assert.InRange(at, Some.Now, Some.Now + AcmeLimits.RetryAfter);
    }

    private static AcmeDirectory? ReadDirectory(byte[] body) => Read(body, () => DirectoryReader.Read(Reply(body), allowHttp: false));

    private static Order? ReadOrder(byte[] body) => Read(body, () => ResourceReader.ReadOrder(AcmeStage.Order, Reply(body), Url, allowHttp: false));

    private static Authorization? ReadAuthorization(byte[] body) => Read(body, () => ResourceReader.ReadAuthorization(Reply(body), Url, allowHttp: false));

    private static AcmeProblem? ReadProblem(byte[] body) => Read(body, () => ProblemParser.Parse(body));

    private static RenewalInfo? ReadRenewal(byte[] body) => Read(body, () => RenewalInfo.Read(Reply(body)));

    private static IReadOnlyList<ReadOnlyMemory<byte>>? ReadChain(byte[] body)
    {
        var (certificates, problem) = Read(body, () => PemChain.Read(body, AcmeLimits.Certificates));
        Assert.True(certificates is null == problem.Length > 0);
        return certificates;
    }

    private static IReadOnlyList<WebLink>? ReadLinks(byte[] header) => Read(header, () => LinkHeader.Parse([Encoding.Latin1.GetString(header)], Url, allowHttp: false));

    private static DateTimeOffset? ReadRetryAfter(byte[] header) => Read(header, () => RetryAfter.Parse(Encoding.Latin1.GetString(header), Some.Now));

    /// <summary>What a reader makes of an answer; the default if it refuses.</summary>
    private static T? Read<T>(byte[] answer, Func<T> read) => Growth.Within(answer.Length, FixedPart, Factor, () =>
    {
        try
        {
            return read();
        }
        catch (AcmeException refusal)
        {
            Assert.True(refusal.Message.Length <= MaxMessage && !refusal.Message.Any(char.IsControl), refusal.Message);
            return default;
        }
    });

    private static AcmeReply Reply(byte[] body) => new() { Status = 200, Url = Url, Method = "POST", At = Some.Now, Body = body };

    private static void AssertShort(string text) => Assert.True(text.Length <= 258 && !text.Any(char.IsControl), text);

    private static void AssertRequestable(Uri url) => Assert.True(url is { IsAbsoluteUri: true, Scheme: "https", OriginalString.Length: <= AcmeLimits.Url }, url.OriginalString);

    private static void AssertBounded(AcmeProblem? problem)
    {
        if (problem is null) return;
        Assert.InRange(problem.Subproblems.Count, 0, 200);
        Assert.All(problem.Subproblems.Append(problem), part =>
        {
            Assert.True(part.Detail.Length <= PrintableText.MaxDetail && !part.Detail.Any(char.IsControl));
            Assert.True(part.Type.Length <= 258 && part.Algorithms.Count <= 32);
        });
        Assert.True(problem.Describe().Length <= PrintableText.MaxDetail);
    }
}
