using System.Collections.Concurrent;
using CertOperator.Acme.Challenges;
using CertOperator.Api;
using CertOperator.Challenges.Dns.Wire;
using CertOperator.Runtime.Client;

namespace CertOperator.Challenges.Dns;

/// <summary>
/// Answers dns-persist-01 challenges (experimental): looks for a lasting record, and if there is none writes it, or tells which one a person is
/// to set where no provider is named. It removes none.
/// </summary>
internal sealed class DnsPersistSolver(DnsServices services, IKubeClient client, string operatorNamespace) : IChallengeSolver
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromMinutes(1);

    private readonly Dns01Solver _dns = new(services);

    // Since when each challenge is waited for, and when its record was written.
    private readonly ConcurrentDictionary<string, DateTimeOffset> _since = [];
    private readonly ConcurrentDictionary<string, DateTimeOffset> _written = [];

    private DateTimeOffset Now => services.Time.GetUtcNow();

    public async Task<Presentation> PresentAsync(ChallengeTask challenge, CancellationToken cancel)
    {
        if (challenge.Challenge.Persistent is not { } wanted)
        {
            return new Presentation.Impossible(
                "the CA's dns-persist-01 challenge names no issuer that a record can be made for, or an account that is not on its own server. Use dns-01 with this CA.");
        }

        try
        {
            return await PresentAsync(challenge, wanted, wanted.Record(challenge.Solver.Dns01!.PersistUntil), cancel);
        }
        catch (DnsException failure)
        {
            return new Presentation.NotYet(Now + (failure.RetryAfter ?? AfterTrouble), failure.Message);
        }
    }

    /// <summary>The record stays.</summary>
    public Task<bool> RemoveAsync(ChallengeTask challenge, CancellationToken cancel)
    {
        _since.TryRemove(KeyOf(challenge), out _);
        _written.TryRemove(KeyOf(challenge), out _);
        return Task.FromResult(true);
    }

    private async Task<Presentation> PresentAsync(ChallengeTask challenge, DnsPersist01 wanted, Acme.Challenges.TxtRecord record, CancellationToken cancel)
    {
        Dns01Spec spec = challenge.Solver.Dns01!;
        DateTimeOffset since = _since.GetOrAdd(KeyOf(challenge), Now);
        if (challenge.Issuer.Spec?.Acme?.SelfCheck == "Off" || spec.Propagation?.Check == "None")
        {
            await WriteAsync(challenge, record, cancel);
            return new Presentation.InPlace();
        }

        LastingRecord found = await LastingRecord.FindAsync(_dns, spec, wanted, Now, cancel);
        if (!found.Seen.IsComplete && await WriteAsync(challenge, record, cancel))
            found = await LastingRecord.FindAsync(_dns, spec, wanted, Now, cancel);
        return found.Seen.IsComplete ? new Presentation.InPlace(null, found.Lapse) : NotThere(challenge, record, found, since);
    }

    private Presentation NotThere(ChallengeTask challenge, Acme.Challenges.TxtRecord record, LastingRecord found, DateTimeOffset since)
    {
        Dns01Spec spec = challenge.Solver.Dns01!;
        bool isWritten = _written.TryGetValue(KeyOf(challenge), out DateTimeOffset written);
        if (spec.PersistUntil <= Now)
            return new Presentation.Impossible($"persistUntil of its solver is over since {spec.PersistUntil:u}. Set a later time, or remove it.");
        if (isWritten || found.Seen.Seen > 0)
        {
            // Some servers lag behind the others.
            bool isLate = Now - (isWritten ? written : since) > Dns01Solver.Timeout(spec);
            return isLate && challenge.Issuer.Spec?.Acme?.SelfCheck != "Required"
                ? new Presentation.InPlace(found.Seen.Message)
                : new Presentation.NotYet(Now + LookAgain, found.Seen.Message);
        }

        string what = found.Over is { } over ? $"{over.Record} ended at {over.At:u}" : found.Seen.Message.TrimEnd('.');
        return new Presentation.NotYet(
            Now + Patience(Now - since), $"Set {LastingRecord.Show(record)}, which the CA validates {challenge.Challenge.Identifier} by for as long as it stands. {what}.", NeedsUser: true);
    }

    /// <summary>Writes the record once, if that is wanted; whether that was now.</summary>
    private async Task<bool> WriteAsync(ChallengeTask challenge, Acme.Challenges.TxtRecord record, CancellationToken cancel)
    {
        Dns01Spec spec = challenge.Solver.Dns01!;
        if (!DnsProviders.IsNamed(spec) || spec.PersistUntil <= Now || _written.ContainsKey(KeyOf(challenge)))
            return false;
        if (record.Strings().Count > 1)
            throw new DnsException($"{LastingRecord.Show(record)} is longer than DNS providers take: set it by hand, and name no provider.");
        TxtRecord located = await _dns.LocateAsync(spec, challenge.Challenge.Identifier.Value, record, cancel);
        await _dns.PresentAsync(spec, DnsProviderContext.For(challenge.Issuer, services, client, operatorNamespace), located, cancel);
        _written[KeyOf(challenge)] = Now;
        return true;
    }

    /// <summary>A person takes minutes or days, and the sooner the likelier.</summary>
    private static TimeSpan Patience(TimeSpan waited) => TimeSpan.FromSeconds(Math.Clamp(waited.TotalSeconds / 10, 10, 300));

    private static string KeyOf(ChallengeTask challenge) => challenge.Challenge.Url.OriginalString;
}
