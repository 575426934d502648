using System.Collections.Concurrent;
using CertOperator.Acme.Challenges;
using CertOperator.Acme.Issuance;
using CertOperator.Api;
using CertOperator.Challenges.Dns.Wire;
using CertOperator.Runtime.Client;
using CertOperator.Telemetry;

namespace CertOperator.Challenges.Dns;

/// <summary>Answers dns-01 and dns-account-01 challenges: writes the record once, then looks who sees it.</summary>
internal sealed class Dns01ChallengeSolver(DnsServices services, IKubeClient client, string operatorNamespace, ILogger logger) : IChallengeSolver
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromMinutes(1);

    /// <summary>Of more records the log alone tells.</summary>
    private const int MostLeft = 1_000;

    private readonly Dns01Solver _dns = new(services);

    // A delegation may change until the record is removed, so the place is remembered; a restart looks it up again.
    private readonly ConcurrentDictionary<string, (TxtRecord Record, DateTimeOffset Since)> _written = [];
    private readonly ConcurrentDictionary<string, LeftRecord> _left = [];

    /// <summary>A record of this Certificate could not be removed.</summary>
    public event Action<ObjectKey>? Left;

    public async Task<Presentation> PresentAsync(ChallengeTask challenge, CancellationToken cancel)
    {
        Dns01Spec spec = challenge.Solver.Dns01!;
        string key = KeyOf(challenge);
        try
        {
            _left.TryRemove(key, out _);
            if (!_written.TryGetValue(key, out var written))
            {
                TxtRecord record = await LocateAsync(challenge, cancel);
                await _dns.PresentAsync(spec, ContextOf(challenge.Issuer), record, cancel);
                _written[key] = written = (record, services.Time.GetUtcNow());
            }

            string? check = challenge.Issuer.Spec?.Acme?.SelfCheck;
            if (check == "Off" || await _dns.CheckAsync(spec, written.Record, cancel) is not { IsComplete: false } seen)
                return new Presentation.InPlace();
            bool isLate = services.Time.GetUtcNow() - written.Since > Dns01Solver.Timeout(spec);
            return isLate && check != "Required" ? new Presentation.InPlace(seen.Message) : new Presentation.NotYet(services.Time.GetUtcNow() + LookAgain, seen.Message);
        }
        catch (DnsException failure)
        {
            return new Presentation.NotYet(services.Time.GetUtcNow() + (failure.RetryAfter ?? AfterTrouble), failure.Message);
        }
    }

    public async Task<bool> RemoveAsync(ChallengeTask challenge, CancellationToken cancel)
    {
        string key = KeyOf(challenge);
        try
        {
            TxtRecord record = _written.TryGetValue(key, out var written) ? written.Record : await LocateAsync(challenge, cancel);
            await _dns.CleanUpAsync(challenge.Solver.Dns01!, ContextOf(challenge.Issuer), record, cancel);
            _written.TryRemove(key, out _);
            _left.TryRemove(key, out _);
            return true;
        }
        catch (DnsException failure)
        {
            // A record that stays does no harm, and must not hold the certificate up.
            OperatorLog.RecordLeft(logger, challenge.Certificate, failure.Message);
            Keep(key, new LeftRecord(challenge, services.Time.GetUtcNow()));
            return false;
        }
    }

    /// <summary>The records of a Certificate that could not be removed yet.</summary>
    public IReadOnlyList<LeftRecord> LeftOf(ObjectKey certificate) => [.. _left.Values.Where(left => left.Challenge.Certificate == certificate)];

    /// <summary>Nobody tries to remove a record any more.</summary>
    public void Forget(LeftRecord left)
    {
        string key = KeyOf(left.Challenge);
        _written.TryRemove(key, out _);
        _left.TryRemove(key, out _);
    }

    private void Keep(string key, LeftRecord left)
    {
        if (_left.ContainsKey(key))
            return;
        if (_left.Count >= MostLeft)
            _written.TryRemove(key, out _);
        else if (_left.TryAdd(key, left))
            Left?.Invoke(left.Challenge.Certificate);
    }

    /// <summary>Another account key has another value.</summary>
    private static string KeyOf(ChallengeTask challenge) => $"{challenge.Challenge.Url.OriginalString} {challenge.Account.Thumbprint}";

    private Task<TxtRecord> LocateAsync(ChallengeTask challenge, CancellationToken cancel)
    {
        PendingChallenge asked = challenge.Challenge;
        Acme.Challenges.TxtRecord answer = asked.Type == SolverSelection.DnsAccount01
            ? Dns01.OfAccount(asked.Identifier, asked.Token!, challenge.Account.Thumbprint, challenge.Account.Url)
            : Dns01.Of(asked.Identifier, asked.Token!, challenge.Account.Thumbprint);
        return _dns.LocateAsync(challenge.Solver.Dns01!, asked.Identifier.Value, answer, cancel);
    }

    private DnsProviderContext ContextOf(IIssuerObject issuer) => DnsProviderContext.For(issuer, services, client, operatorNamespace);
}
