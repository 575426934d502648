using System.Diagnostics.CodeAnalysis;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.InMemory.Errors;

namespace CertOperator.Runtime.InMemory.Traffic;

/// <summary>What goes wrong with coming requests. Faults of one request are taken in the order in which they were made.</summary>
public sealed class Faults
{
    private readonly Lock _lock = new();
    private readonly List<Fault> _faults = [];

    /// <summary>Refuses the next requests of this verb; nothing is done.</summary>
    /// <param name="verb">As in <see cref="ApiRequest"/>; null for any.</param>
    /// <param name="type">Which kind; null for any.</param>
    /// <param name="failure">What the client is told.</param>
    /// <param name="times">How many requests.</param>
    /// <param name="retryAfter">How long the client is asked to wait.</param>
    public void FailNext(string? verb, ResourceType? type, KubeFailure failure, int times = 1, TimeSpan? retryAfter = null)
        => Add(new Fault(verb, type, times) { Refusal = Refuse(failure, retryAfter) });

    /// <summary>Does what the next request asks for, and then loses the answer: the client sees a time-out.</summary>
    public void LoseReplyOfNext(string? verb, ResourceType? type) => Add(new Fault(verb, type, 1) { LosesReply = true });

    /// <summary>Runs an action, such as a competing write, between the next such request's arrival and its execution.</summary>
    public void BeforeNext(string? verb, ResourceType? type, Action action) => Add(new Fault(verb, type, 1) { Action = action });

    /// <summary>Makes the next such request wait until the gate is opened.</summary>
    public FaultGate HoldNext(string? verb, ResourceType? type)
    {
        var gate = new FaultGate();
        Add(new Fault(verb, type, 1) { Gate = gate });
        return gate;
    }

    internal async Task<T> RunAsync<T>(ApiRequest request, Func<T> operation, CancellationToken cancel)
    {
        var losesReply = false;
        foreach (var fault in Take(request))
        {
            if (fault.Gate is { } gate) await gate.PassAsync(cancel).ConfigureAwait(false);
            fault.Action?.Invoke();
            if (fault.Refusal is { } refusal) throw refusal();
            losesReply |= fault.LosesReply;
        }

        cancel.ThrowIfCancellationRequested();
        var result = operation();
        return losesReply ? throw Refuse(KubeFailure.Unavailable, null)() : result;
    }

    private void Add(Fault fault)
    {
        lock (_lock) _faults.Add(fault);
    }

    private List<Fault> Take(ApiRequest request)
    {
        lock (_lock)
        {
            var taken = _faults.Where(fault => fault.Concerns(request)).ToList();
            foreach (var fault in taken) fault.Left--;
            _faults.RemoveAll(fault => fault.Left == 0);
            return taken;
        }
    }

    [SuppressMessage("Style", "IDE0072:Add missing cases", Justification = "The rest are requests' own faults.")]
    private static Func<ApiStatusException> Refuse(KubeFailure failure, TimeSpan? retryAfter) => failure switch
    {
        KubeFailure.NotFound => () => new(404, "NotFound", "the server could not find the requested resource"),
        KubeFailure.Conflict => () => new(409, "Conflict", "the object has been modified; please apply your changes to the latest version and try again"),
        KubeFailure.AlreadyExists => () => new(409, "AlreadyExists", "the object already exists"),
        KubeFailure.Gone => () => new(410, "Expired", "too old resource version"),
        KubeFailure.Invalid => () => new(422, "Invalid", "the object is invalid"),
        KubeFailure.Forbidden => () => new(403, "Forbidden", "forbidden: access is not granted"),
        KubeFailure.Unauthorized => () => new(401, "Unauthorized", "Unauthorized"),
        KubeFailure.Throttled => () => new(429, "TooManyRequests", "Too many requests, please try again later.", retryAfter: retryAfter ?? TimeSpan.FromSeconds(1)),
        KubeFailure.Unavailable => () => new(503, "ServiceUnavailable", "the server is currently unable to handle the request", retryAfter: retryAfter),
        _ => () => new(418, "", "the server answered with something that is not understood"),
    };

    private sealed class Fault(string? verb, ResourceType? type, int times)
    {
        public int Left { get; set; } = times;

        public Func<ApiStatusException>? Refusal { get; init; }

        public Action? Action { get; init; }

        public FaultGate? Gate { get; init; }

        public bool LosesReply { get; init; }

        public bool Concerns(ApiRequest request)
            => (verb is null || verb == request.Verb) && (type is null || (type.Group == request.Group && type.Plural == request.Resource));
    }
}
