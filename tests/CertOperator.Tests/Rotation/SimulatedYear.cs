using System.Text;
using System.Text.Json.Nodes;
using CertOperator.Api;
using CertOperator.Challenges;
using CertOperator.Controllers;
using CertOperator.Controllers.BadInput;
using CertOperator.Issuers.Acme;
using CertOperator.Runtime.Caching;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;
using CertOperator.Testing.Acme;
using CertOperator.Testing.Acme.Faults;
using CertOperator.Testing.Acme.Protocol;
using CertOperator.Testing.Processes;

namespace CertOperator.Rotation;

/// <summary>
/// The whole operator, a CA of its own and an ACME server, on a clock that jumps from one moment at which something is due to the
/// next. What happens is recorded after each jump; what was expired, before it.
/// </summary>
internal sealed class SimulatedYear : IAsyncDisposable
{
    /// <summary>Moments within it are one jump: a year has too many of them. The operator is late by as much.</summary>
    private static readonly TimeSpan Grain = TimeSpan.FromMinutes(30);

    private static readonly TimeSpan LongestJump = TimeSpan.FromHours(6);

    private static readonly AcmeEndpoint[] Endpoints = Enum.GetValues<AcmeEndpoint>();

    private readonly TokenBoard _board = new();
    private readonly FakeAcmeServer _server;
    private readonly JsonObject _caKey;
    private int _inFlight;
    private TimeSpan _poll;

    private SimulatedYear(FakeAcmeServer server, FakeTimeProvider time)
    {
        _server = server;
        Time = time;
        Start = time.GetUtcNow();
        _server.Behaviour.Validate = ValidateAsync;
        _caKey = CaSecrets.Good("ca-key", TimeSpan.FromDays(30 * 365), Start);
        World = new World(Options(null), time);
    }

    public FakeTimeProvider Time { get; }

    public DateTimeOffset Start { get; }

    public World World { get; }

    public YearRecord Record { get; } = new();

    private DateTimeOffset Now => Time.GetUtcNow();

    public static async Task<SimulatedYear> StartAsync()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var server = await FakeAcmeServer.StartAsync(new FakeAcmeOptions
        {
            Time = time,
            Profiles = new Dictionary<string, TimeSpan>
            {
                ["shortlived"] = TimeSpan.FromHours(160),
                ["tlsserver"] = TimeSpan.FromDays(45),
                ["classic"] = TimeSpan.FromDays(90),
            },
        });
        var year = new SimulatedYear(server, time);
        year.World.Cluster.Apply((JsonObject)year._caKey.DeepClone());
        year.World.Apply("""
            apiVersion: certoperator.io/v1
            kind: Issuer
            metadata: {name: ca, namespace: shop}
            spec: {ca: {secretName: ca-key} }
            """);
        year.World.Apply(year.Acme("acme", "Off"));
        year.World.Apply(year.Acme("advising", "Auto"));
        await year.SettleAsync();
        return year;
    }

    /// <summary>Lets the time pass, from one due moment to the next, up to a time.</summary>
    public async Task RunUntilAsync(DateTimeOffset until)
    {
        while (Now < until)
        {
            DateTimeOffset now = Now;
            IReadOnlyList<Certificate> all = World.Operator.Caches.Certificates.Store.All;
            DateTimeOffset next = Next(all, now);
            next = next < until ? next : until;
            IReadOnlyList<Certificate> due = [.. all.Where(certificate => Due(certificate, now) is { } at && at > now && at <= next)];
            Record.Pass(now, next);
            Time.Advance(next - now);
            await SettleAsync(due);
        }
    }

    public async Task CreateAsync(IEnumerable<string> manifests)
    {
        foreach (string manifest in manifests)
            World.Apply(manifest);
        await SettleAsync();
    }

    /// <summary>The operator is ended and begins anew with what the cluster tells it.</summary>
    public async Task RestartAsync()
    {
        await World.StopAsync();
        await SettleAsync();
    }

    /// <summary>Two replicas compete for the lease, and the one that has it ends.</summary>
    public async Task ChangeLeaderAsync()
    {
        await World.StopAsync();
        await using (var second = new World(Options("second"), Time, cluster: World.Cluster))
        {
            await using (var first = new World(Options("first"), Time, cluster: World.Cluster))
            {
                await UntilLeaderAsync(first);
                await StandByAsync(second);
                Assert.False(second.Operator.Manager.IsLeader);
            }

            await UntilLeaderAsync(second);
        }

        await SettleAsync();
    }

    /// <summary>The private CA, whose key is gone for a time.</summary>
    public async Task CaOutageAsync(TimeSpan length)
    {
        World.Cluster.Delete(Secret.Type, new ObjectKey("shop", "ca-key"));
        await DownAsync(["ca"], length);
        World.Cluster.Apply((JsonObject)_caKey.DeepClone());
        await SettleAsync();
    }

    /// <summary>The ACME server answers every request with a fault for a time.</summary>
    public async Task AcmeOutageAsync(TimeSpan length, Func<AcmeFault> fault, params AcmeEndpoint[] endpoints)
    {
        foreach (AcmeEndpoint endpoint in endpoints.Length > 0 ? endpoints : Endpoints)
            _server.Faults.Add(endpoint, fault(), AcmeFaults.Always);
        await DownAsync(["acme", "advising"], length);
        _server.Faults.Clear();
    }

    /// <summary>The machine sleeps: nothing runs, and on waking the clock is far ahead.</summary>
    public async Task SleepAsync(TimeSpan length)
    {
        Record.Down(["ca", "acme", "advising"], Now, Now + length);
        Record.Pass(Now, Now + length);
        Time.Advance(length);
        await SettleAsync();
    }

    /// <summary>Somebody sets the clock; what waits by a timer does not notice.</summary>
    public async Task StepClockAsync(TimeSpan step)
    {
        if (step > TimeSpan.Zero)
        {
            Record.Down(["ca", "acme", "advising"], Now, Now + step);
            Record.Pass(Now, Now + step);
        }

        Time.AdjustTime(Now + step);
        await SettleAsync();
        await RunUntilAsync(Now + TimeSpan.FromMinutes(1));
    }

    public async ValueTask DisposeAsync()
    {
        await World.DisposeAsync();
        await _server.DisposeAsync();
    }

    private OperatorOptions Options(string? replica) => new()
    {
        AllowPrivateAcmeServers = true,
        LeaseIdentity = replica,
        Solvers = new Dictionary<string, IChallengeSolver> { ["http-01"] = _board },
        // A relist costs as much as a hundred renewals, and this cluster loses nothing.
        Informers = new InformerOptions { RelistPeriod = TimeSpan.FromDays(20), WatchDeadline = TimeSpan.FromDays(30) },
    };

    private async Task UntilLeaderAsync(World replica)
    {
        await StandByAsync(replica);
        await Eventually.HoldsAsync("the replica has the lease", async () =>
        {
            await Task.Delay(20);
            Time.Advance(TimeSpan.FromSeconds(1));
            return replica.Operator.Manager.IsLeader;
        });
        await replica.SettleAsync(whileBusy: () => Time.Advance(TimeSpan.FromSeconds(1)));
    }

    private static async Task StandByAsync(World replica)
    {
        await replica.StartAsync();
        await Eventually.HoldsAsync("the caches of the replica are filled", () => Task.FromResult(replica.Operator.Caches.All.All(cache => cache.HasSynced)));
    }

    private async Task DownAsync(string[] issuers, TimeSpan length)
    {
        Record.Down(issuers, Now, Now + length);
        await RunUntilAsync(Now + length);
    }

    private Task<ValidationFailure?> ValidateAsync(ChallengeAttempt attempt)
    {
        Record.Ordered(attempt.Identifier.Value, Now);
        return _board.ValidateAsync(attempt);
    }

    /// <summary>When something is due next; while orders are under way, soon, and then later and later.</summary>
    private DateTimeOffset Next(IReadOnlyList<Certificate> all, DateTimeOffset now)
    {
        int inFlight = all.Count(certificate => certificate.Status?.Issuance is not null);
        _poll = inFlight == 0 || inFlight != _inFlight ? TimeSpan.FromSeconds(2) : _poll * 2;
        _inFlight = inFlight;
        if (inFlight > 0 && _poll < Grain)
            return now + _poll;
        DateTimeOffset next = all.Min(certificate => Due(certificate, now)) ?? DateTimeOffset.MaxValue;
        return next < now + Grain ? now + Grain : next > now + LongestJump ? now + LongestJump : next;
    }

    private static DateTimeOffset? Due(Certificate certificate, DateTimeOffset now)
    {
        if (certificate.Status is not { } status)
            return null;
        if (status.RenewalTime <= now && (status.NextAttemptTime ?? now) <= now && Conditions.IsTrue(status.Conditions, ConditionTypes.Ready))
            return now;
        DateTimeOffset? first = null;
        foreach (DateTimeOffset? time in (ReadOnlySpan<DateTimeOffset?>)[status.RenewalTime, status.NextAttemptTime, status.NotAfter, status.RenewalInfo?.NextCheck])
        {
            if (time > now && !(time >= first))
                first = time;
        }

        return first;
    }

    /// <summary>Lets the operator run until nothing is left to do.</summary>
    /// <param name="due">What the jump made due: the schedule takes a moment to call for it.</param>
    private async Task SettleAsync(IReadOnlyList<Certificate>? due = null)
    {
        await World.StartAsync();
        ObjectStore<Certificate> certificates = World.Operator.Caches.Certificates.Store;
        long began = TimeProvider.System.GetTimestamp();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        for (int quiet = 0, looks = 1; quiet < 2; looks++)
        {
            limit.Token.ThrowIfCancellationRequested();
            // Of tens of thousands of looks: a timer would take three times as long to call back.
            await Task.Yield();
            Thread.Sleep(1);
            // Within a request to a CA that does not answer, the operator waits by this clock.
            if (looks % 30 == 0)
                Time.Advance(TimeSpan.FromSeconds(1));
            bool isHeard = due is null || due.All(before => !ReferenceEquals(before.Status, certificates.Find(new ObjectKey("shop", before.Metadata.Name!))?.Status))
                || TimeProvider.System.GetElapsedTime(began) > TimeSpan.FromSeconds(1);
            bool idle = isHeard && World.Operator.Caches.All.All(cache => cache.HasSynced) && World.Operator.IsIdle && World.Cluster.UndeliveredEvents == 0;
            quiet = idle ? quiet + 1 : 0;
        }

        foreach (Certificate certificate in certificates.All)
            Record.Note(certificate, Now);
    }

    private string Acme(string name, string renewalInfo) => $$"""
        apiVersion: certoperator.io/v1
        kind: Issuer
        metadata: {name: {{name}}, namespace: shop}
        spec:
          acme:
            server: {{_server.DirectoryUrl.OriginalString}}
            caBundle: {{Convert.ToBase64String(Encoding.UTF8.GetBytes(_server.TrustPem))}}
            privateKeySecretRef: {name: {{name}}-account}
            renewalInfo: "{{renewalInfo}}"
            budget:
              newOrders: {count: 300, per: 3h}
              certificatesPerDomain: {count: 50, per: 168h}
              certificatesPerNameSet: {count: 5, per: 168h}
            solvers: [{http01: {route: External} }]
        """;
}
