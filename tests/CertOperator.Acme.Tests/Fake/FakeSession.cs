using CertOperator.Acme.Accounts;
using CertOperator.Acme.Challenges;
using CertOperator.Acme.Errors;
using CertOperator.Acme.Issuance;
using CertOperator.Acme.Jose;
using CertOperator.Acme.Protocol;
using CertOperator.Testing.Acme;
using CertOperator.Testing.Acme.Protocol;

namespace CertOperator.Acme.Tests.Fake;

/// <summary>A client with an account at a fake server, both on one clock that only the test moves.</summary>
internal sealed class FakeSession : IAsyncDisposable
{
    private const int MaxSteps = 200;

    private FakeSession(FakeAcmeServer server, FakeTimeProvider time, AcmeClientOptions options)
    {
        Server = server;
        Time = time;
        Client = new AcmeClient(server.DirectoryUrl, options with { Trust = options.Trust ?? [server.Trust] }, time);
        Machine = new OrderMachine(Client, time);
    }

    public FakeAcmeServer Server { get; }

    public FakeTimeProvider Time { get; }

    public AcmeClient Client { get; }

    public OrderMachine Machine { get; }

    public LocalAccountKey Key { get; } = LocalAccountKey.Generate();

    public AcmeAccount Account { get; private set; } = null!;

    public DateTimeOffset Now => Time.GetUtcNow();

    /// <summary>A server and a client that knows its directory, has an account, and a nonce in hand.</summary>
    public static async Task<FakeSession> StartAsync(FakeAcmeOptions? server = null, AcmeClientOptions? client = null)
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var session = new FakeSession(await FakeAcmeServer.StartAsync((server ?? new FakeAcmeOptions()) with { Time = time }), time, client ?? new AcmeClientOptions());
        session.Account = (await session.Client.Accounts.RegisterAsync(session.Key, new Registration { AgreesToTerms = true })).Account;
        return session;
    }

    public OrderJob Job(params string[] names) => Some.Job(names.Length == 0 ? [Some.Name()] : names, ChallengeTypes.Http01);

    public int Count(AcmeEndpoint endpoint) => Server.Requests.Count(request => request.Endpoint == endpoint);

    public Task<OrderStep> StepAsync(OrderJob job, OrderState? state) => Machine.StepAsync(Account, job, state);

    /// <summary>
    /// Takes steps, storing the state as text in between, until the certificate is there or the order fails for good. Whatever is waited for
    /// comes at once, because the clock is put forward.
    /// </summary>
    public async Task<IReadOnlyList<OrderStep>> RunAsync(OrderJob job, OrderState? state = null, Func<int, bool>? losesStep = null)
    {
        var steps = new List<OrderStep>();
        while (steps.Count < MaxSteps)
        {
            var step = await StepAsync(job, state);
            steps.Add(step);
            if (losesStep?.Invoke(steps.Count - 1) == true) continue;
            switch (step)
            {
                case OrderStep.Continue next: state = next.State; break;
                case OrderStep.NeedPresent next: state = next.State.WithPresented(); break;
                case OrderStep.NeedCleanup next: state = next.State.WithoutChallenges(); break;
                case OrderStep.WaitUntil next:
                    state = next.State;
                    PassUntil(next.At);
                    break;
                case OrderStep.Failed { Failure.Class: FailureClass.Transient } next:
                    state = next.State;
                    PassUntil(next.Failure.NotBefore ?? Now.AddMinutes(1));
                    break;
                default: return steps;
            }

            if (state is not null) state = OrderState.FromJson(state.ToJson())!;
        }

        throw new InvalidOperationException($"The order did not end within {MaxSteps} steps; the last was {steps[^1]}.");
    }

    /// <summary>The failure that a run ends with.</summary>
    public async Task<AcmeFailure> FailAsync(OrderJob job) => Assert.IsType<OrderStep.Failed>((await RunAsync(job))[^1]).Failure;

    /// <summary>Waits for a call whose own waits are put forward.</summary>
    public async Task<T> SkipWaitsAsync<T>(Task<T> call)
    {
        while (!call.IsCompleted)
        {
            await Task.WhenAny(call, Task.Delay(TimeSpan.FromMilliseconds(20)));
            if (!call.IsCompleted) Time.Advance(TimeSpan.FromMilliseconds(100));
        }

        return await call;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Key.Dispose();
        await Server.DisposeAsync();
    }

    private void PassUntil(DateTimeOffset at)
    {
        if (at > Now) Time.Advance(at - Now);
    }
}
