using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CertOperator.Api;
using CertOperator.Controllers.BadInput;
using CertOperator.Runtime.Objects;
using CertOperator.Secrets;
using CertOperator.Testing.Acme;
using CertOperator.Testing.Acme.Faults;
using CertOperator.Testing.Acme.Protocol;

namespace CertOperator.Issuers.Acme;

/// <summary>RFC 9773 from the operator's side: what is asked when, and what is made of the answer.</summary>
public sealed class RenewalAdvisorTests : IAsyncLifetime
{
    private const string Id = "aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE";

    /// <summary>Two retries follow the first request.</summary>
    private const int RequestsPerQuestion = 3;

    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Start);
    private readonly CertificateFacts _stored;
    private readonly AcmeServers _servers;
    private readonly RenewalAdvisor _advisor;
    private FakeAcmeServer _server = null!;

    public RenewalAdvisorTests()
    {
        var secret = CaSecrets.Good(duration: TimeSpan.FromDays(90), now: Start);
        secret["metadata"]!["resourceVersion"] = "1";
        _stored = new SecretReader().Read(System.Text.Json.JsonSerializer.Deserialize(secret, ApiJson.Default.Secret)!).Certificate! with { RenewalId = Id };
        _servers = new AcmeServers(allowPrivate: true, _time);
        _advisor = new RenewalAdvisor(_servers, _time);
    }

    public async ValueTask InitializeAsync() => _server = await FakeAcmeServer.StartAsync(new FakeAcmeOptions { Time = _time });

    public async ValueTask DisposeAsync()
    {
        _servers.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_server_that_does_not_tell_is_not_asked()
    {
        await using FakeAcmeServer silent = await FakeAcmeServer.StartAsync(new FakeAcmeOptions { Time = _time, HasRenewalInfo = false });

        Assert.Null(await _advisor.AskAsync(Issuer(silent), _stored, null, CancellationToken.None));
        Assert.DoesNotContain(silent.Requests, request => request.Endpoint == AcmeEndpoint.RenewalInfo);
    }

    [Fact]
    public async Task Nobody_is_asked_about_what_has_expired_or_cannot_be_named_or_where_it_is_switched_off()
    {
        Assert.Null(await _advisor.AskAsync(Issuer(_server), _stored with { NotAfter = Start }, null, CancellationToken.None));
        Assert.Null(await _advisor.AskAsync(Issuer(_server), _stored with { RenewalId = null }, null, CancellationToken.None));
        Assert.Null(await _advisor.AskAsync(Issuer(_server, "Off"), _stored, null, CancellationToken.None));
        Assert.Empty(_server.Requests);
    }

    [Theory]
    [InlineData("21600", 21_600)]
    [InlineData("1", 60)]
    [InlineData("0", 60)]
    [InlineData("-5", 21_600)]
    [InlineData("9999999", 86_400)]
    [InlineData("soon", 21_600)]
    [InlineData(null, 21_600)]
    public async Task The_next_question_comes_when_the_server_wants_it_between_a_minute_and_a_day(string? retryAfter, int seconds)
    {
        Answer(60, 62, retryAfter);

        RenewalInfoStatus known = (await AskAsync(null))!;
        Assert.Equal(Start.AddSeconds(seconds), known.NextCheck);

        // Nor is it asked earlier by a program that was started anew and knows only what status says.
        Assert.Same(known, await new RenewalAdvisor(_servers, _time).AskAsync(Issuer(_server), _stored, known, CancellationToken.None));
        Assert.Single(_server.Requests, request => request.Endpoint == AcmeEndpoint.RenewalInfo);
    }

    [Fact]
    public async Task One_time_is_chosen_for_a_window_and_another_one_only_for_another_window()
    {
        Answer(60, 62);
        RenewalInfoStatus first = (await AskAsync(null))!;
        RenewalInfoStatus again = (await AskAsync(first with { NextCheck = Start }))!;
        _server.Faults.Clear();
        Answer(50, 52);
        RenewalInfoStatus moved = (await AskAsync(again with { NextCheck = Start }))!;

        Assert.InRange(first.ChosenTime!.Value, Start.AddDays(60), Start.AddDays(62));
        Assert.Equal(first.ChosenTime, again.ChosenTime);
        Assert.InRange(moved.ChosenTime!.Value, Start.AddDays(50), Start.AddDays(52));
    }

    [Fact]
    public async Task Advice_about_another_certificate_is_forgotten()
    {
        Answer(60, 62);

        RenewalInfoStatus known = (await AskAsync(new RenewalInfoStatus { CertificateID = "other.id", ChosenTime = Start, NextCheck = Start.AddDays(1) }))!;

        Assert.Equal((Id, true), (known.CertificateID, known.ChosenTime > Start.AddDays(59)));
    }

    [Theory]
    [InlineData(88, 95)]
    [InlineData(100, 120)]
    public async Task A_window_that_is_too_late_is_cut_to_a_tenth_of_the_lifetime(double start, double end)
    {
        Answer(start, end);
        TimeSpan lifetime = _stored.NotAfter - _stored.NotBefore;

        Assert.Equal(_stored.NotAfter - (lifetime / 10), (await AskAsync(null))!.ChosenTime);
    }

    [Fact]
    public async Task A_window_in_the_past_means_now()
    {
        Answer(-2, -1);

        Assert.True((await AskAsync(null))!.ChosenTime < Start);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"suggestedWindow":{"start":"2030-03-02T00:00:00Z"} }""")]
    [InlineData("""{"suggestedWindow":{"start":"2030-03-02T00:00:00Z","end":"2030-03-02T00:00:00Z"} }""")]
    [InlineData("""{"suggestedWindow":{"start":"yesterday","end":"tomorrow"} }""")]
    [InlineData("""["nothing"]""")]
    public async Task An_answer_that_makes_no_sense_leaves_what_is_known_and_is_asked_for_again_in_six_hours(string body)
    {
        _server.Faults.Add(AcmeEndpoint.RenewalInfo, AcmeFault.Instead(() => AcmeReply.Text(200, "application/json", body)), AcmeFaults.Always);

        RenewalInfoStatus nothing = (await AskAsync(null))!;
        Assert.Equal((null, Start.AddHours(6)), (nothing.ChosenTime, nothing.NextCheck));
        RenewalInfoStatus known = (await AskAsync(nothing with { NextCheck = Start, ChosenTime = Start.AddDays(60) }))!;
        Assert.Equal((Start.AddDays(60), Start.AddHours(6)), (known.ChosenTime, known.NextCheck));
    }

    [Theory]
    [InlineData(404, 6)]
    [InlineData(400, 6)]
    [InlineData(403, 6)]
    public async Task A_refusal_is_not_argued_with_for_six_hours(int status, double hours)
    {
        _server.Faults.Add(AcmeEndpoint.RenewalInfo, AcmeFault.Problem(status, "malformed", "not known here"), AcmeFaults.Always);

        Assert.Equal(Start.AddHours(hours), (await AskAsync(null))!.NextCheck);
    }

    [Fact]
    public async Task A_server_that_is_busy_says_when_to_come_back_and_what_is_known_holds()
    {
        _server.Faults.Add(AcmeEndpoint.RenewalInfo, AcmeFault.Unavailable("7200"), AcmeFaults.Always);

        RenewalInfoStatus known = (await AskAsync(new RenewalInfoStatus { CertificateID = Id, ChosenTime = Start.AddDays(60), NextCheck = Start }))!;
        Assert.Equal((Start.AddDays(60), Start.AddHours(2)), (known.ChosenTime, known.NextCheck));
    }

    [Fact]
    public async Task A_server_that_fails_is_asked_ever_more_rarely_and_after_an_answer_as_before()
    {
        _server.Faults.Add(AcmeEndpoint.RenewalInfo, AcmeFault.Unavailable(), 8 * RequestsPerQuestion);
        var waits = new List<double>();
        for (int failure = 0; failure < 8; failure++)
            waits.Add((await WaitAfterQuestionAsync()).TotalMinutes);
        Assert.Equal([1, 2, 4, 8, 16, 32, 360, 360], waits);

        await WaitAfterQuestionAsync();
        _server.Faults.Add(AcmeEndpoint.RenewalInfo, AcmeFault.Unavailable(), RequestsPerQuestion);
        Assert.Equal(TimeSpan.FromMinutes(1), await WaitAfterQuestionAsync());
    }

    [Theory]
    [InlineData("https://ca.example/incident", "https://ca.example/incident")]
    [InlineData("http://ca.example/incident", null)]
    [InlineData("javascript:alert(1)", null)]
    public async Task Only_an_https_page_explains(string page, string? told)
    {
        Answer(60, 62, page: page);

        Assert.Equal(told, (await AskAsync(null))!.ExplanationURL);
    }

    private Task<RenewalInfoStatus?> AskAsync(RenewalInfoStatus? known) => _advisor.AskAsync(Issuer(_server), _stored, known, CancellationToken.None);

    /// <summary>Asks while the clock runs, since a call that fails is repeated a little later.</summary>
    private async Task<TimeSpan> WaitAfterQuestionAsync()
    {
        DateTimeOffset asked = _time.GetUtcNow();
        Task<RenewalInfoStatus?> question = AskAsync(null);
        while (await Task.WhenAny(question, Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System)) != question)
            _time.Advance(TimeSpan.FromMilliseconds(250));
        return (await question)!.NextCheck!.Value - asked;
    }

    private void Answer(double startDay, double endDay, string? retryAfter = "21600", string? page = null)
    {
        var body = new JsonObject { ["suggestedWindow"] = new JsonObject { ["start"] = Text(startDay), ["end"] = Text(endDay) }, ["explanationURL"] = page };
        _server.Faults.Add(AcmeEndpoint.RenewalInfo, AcmeFault.Instead(() => retryAfter is null ? AcmeReply.Json(200, body) : AcmeReply.Json(200, body).With("Retry-After", retryAfter)), AcmeFaults.Always);
    }

    private static string Text(double day) => Start.AddDays(day).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static Issuer Issuer(FakeAcmeServer server, string renewalInfo = "Auto") => new()
    {
        Metadata = new ObjectMeta { Name = "acme", Namespace = "shop" },
        Spec = new IssuerSpec
        {
            Acme = new AcmeIssuerSpec
            {
                Server = server.DirectoryUrl.OriginalString,
                CaBundle = Encoding.UTF8.GetBytes(server.TrustPem),
                PrivateKeySecretRef = new SecretKeyRef { Name = "account" },
                RenewalInfo = renewalInfo,
            },
        },
    };
}
