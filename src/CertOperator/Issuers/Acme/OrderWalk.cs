using CertOperator.Acme.Errors;
using CertOperator.Acme.Issuance;
using CertOperator.Acme.Orders;
using CertOperator.Api;
using CertOperator.Challenges;
using CertOperator.Issuers.Acme.Budgets;
using CertOperator.Pki;
using CertOperator.Runtime.Objects;

namespace CertOperator.Issuers.Acme;

/// <summary>One order, walked on from where it stands until something is to be stored or waited for.</summary>
internal sealed class OrderWalk
{
    /// <summary>A wait that is shorter than this is over before anybody reads of it, so it is not written.</summary>
    public static readonly TimeSpan WorthTelling = TimeSpan.FromSeconds(5);

    /// <summary>Why an order waits whose challenges are not in place yet.</summary>
    public const string Presenting = "Presenting";

    /// <summary>Why an order waits for a person to put a challenge in place.</summary>
    public const string RecordMissing = "RecordMissing";

    /// <summary>Of what is waited for, so that an order for a thousand names still fits into a status.</summary>
    private const int MaxWhyBytes = 4096;

    /// <summary>How long challenges may take to be put in place before the order is given up.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromHours(6);

    /// <summary>A CA that names a time beyond this, or whoever wrote it into status, is not believed.</summary>
    private static readonly TimeSpan LongestHold = TimeSpan.FromDays(7);

    private const int MostSteps = 20;

    private readonly IIssuerObject _issuer;
    private readonly AcmeServices _services;
    private readonly Issuance _issuance;
    private readonly AccountAccess _access;
    private readonly OrderUnderWay? _known;
    private readonly string _request;
    private readonly IReadOnlyList<Identifier> _names;
    private readonly OrderWish _wish;
    private readonly AccountBudget _budget;
    private readonly string _thumbprint;
    private readonly ChallengeDesk _challenges;
    private readonly Dictionary<string, string> _reasons = [];
    private readonly HashSet<string> _presented = [];
    private readonly OrderFindings _findings;

    public OrderWalk(IIssuerObject issuer, AcmeServices services, Issuance issuance, AccountAccess access, OrderUnderWay? known, string request)
    {
        _issuer = issuer;
        _services = services;
        _issuance = issuance;
        _access = access;
        _known = known;
        _findings = known?.Findings ?? new OrderFindings();
        _request = request;
        _names = AcmeRequest.NamesOf(issuance.Desired.Profile.Names);
        _wish = OrderWish.Of(issuance, _names, services.Time.GetUtcNow());
        _budget = services.Budgets.Of(issuer, access.Account.Url);
        _thumbprint = access.Account.Key.Thumbprint;
        _challenges = Desk(new ChallengeAccount(access.Account.Url, _thumbprint));
    }

    private DateTimeOffset Now => _services.Time.GetUtcNow();

    private AcmeIssuerSpec Spec => _issuer.Spec!.Acme!;

    public async Task<IssuanceStep> AdvanceAsync(CancellationToken cancel)
    {
        OrderState? state = await ResumeAsync(cancel);
        if (state is not null && _known is { IsStored: false } && !IsStored(state))
            return Wait(state, Now + WorthTelling, "StatusNotStored", "The order does not stand in status, so nothing is done for it: apply the CustomResourceDefinitions of this version, if this lasts.");
        if ((state is null ? Hindrance() : Hold()) is { } notNow)
            return notNow;

        OrderJob job = AcmeRequest.Job(Spec, _issuance, _services.Solvers, Now);
        var machine = new OrderMachine(_access.Client, _services.Time);
        for (int steps = 0; steps < MostSteps; steps++)
        {
            (state, IssuanceStep? result) = await TakeAsync(await machine.StepAsync(_access.Account, job, state, cancel), cancel);
            if (result is not null)
                return result;
        }

        return Wait(state, Now + WorthTelling, OrderProgress.Validating, "The CA is slow to make up its mind.");
    }

    /// <summary>The order under way, if it is this account's.</summary>
    private async Task<OrderState?> ResumeAsync(CancellationToken cancel)
    {
        OrderState? state = _known?.State ?? OrderRecord.Read(_issuance.UnderWay, _access.Client.DirectoryUrl, _access.Account);
        if (state?.Account.OriginalString != _access.Account.Url.OriginalString)
            state = null;
        if (_issuance.UnderWay is not { } record || ChallengeAccount.Of(record) is not { } former || former.Thumbprint == _thumbprint)
            return state;

        // The account was replaced, or got another key: what is in place is the answer of the former one.
        await Desk(former).RemoveAsync(OrderRecord.ChallengesOf(record), cancel);
        return state?.WithoutChallenges();
    }

    /// <summary>Why no order may be made now.</summary>
    private IssuanceStep? Hindrance()
    {
        if (_names.Select(NoSolver).FirstOrDefault(why => why is not null) is { } missing)
            return Fail(new IssuanceStep.Failed(FailureReport.NoSolver, missing) { IsLasting = true, IsOfIssuer = true });
        return _budget.Enter(_wish, BudgetLimits.Of(Spec), Now) is { } wait ? Wait(null, wait.Until, wait.Reason, wait.Why) : null;
    }

    /// <summary>Takes the order's place in the budget; and what the CA asked a process before this one to wait for, in its words.</summary>
    private IssuanceStep.Pending? Hold()
    {
        _budget.Keep(_wish, Now);
        CertificateStatus? told = _issuance.Certificate.Status;
        return _known is null && _issuance.UnderWay is { NextCheck: { } until } record && until > Now && until - Now < LongestHold
            && Conditions.Find(told?.Conditions, ConditionTypes.Issuing) is { } issuing
            ? new IssuanceStep.Pending(record, until, issuing.Reason, issuing.Message, told!.Names)
            : null;
    }

    /// <returns>The state to go on with, or what the walk ends with.</returns>
    private async Task<(OrderState? State, IssuanceStep? Result)> TakeAsync(OrderStep step, CancellationToken cancel)
    {
        switch (step)
        {
            case OrderStep.Continue made:
                _findings.Note(made.Notes);
                return (made.State, Wait(made.State, Now, OrderProgress.Ordered, string.Join(' ', ["The order is made, and its names are to be validated.", .. made.Notes])));

            case OrderStep.NeedPresent need when !IsStored(need.State):
                return (need.State, Wait(need.State, Now, OrderProgress.Validating, "The challenges are chosen, and are to be put in place."));

            case OrderStep.NeedPresent need:
                return await PresentAsync(need, cancel);

            case OrderStep.WaitUntil wait:
                foreach (NameProgress name in wait.Names.Where(name => name.Problem is not null))
                    _reasons[name.Identifier.Value] = name.Problem!;
                return (wait.State, Wait(wait.State, wait.At, wait.Names.Count > 0 ? OrderProgress.Validating : OrderProgress.Finalizing, wait.Why, isAsked: wait.IsAsked));

            case OrderStep.NeedCleanup clean:
                await _challenges.RemoveAsync(clean.Challenges, cancel);
                return (clean.State.WithoutChallenges(), null);

            case OrderStep.Issued issued:
                return (null, Issued(issued));

            case OrderStep.Failed failed:
                return (failed.State, await FailAsync(failed, cancel));

            default:
                throw new InvalidOperationException($"Unknown step {step.GetType().Name}.");
        }
    }

    private async Task<(OrderState? State, IssuanceStep? Result)> PresentAsync(OrderStep.NeedPresent need, CancellationToken cancel)
    {
        var found = await _challenges.PresentAsync(need.Challenges, cancel);
        foreach (var (challenge, presentation) in found)
        {
            if (SentenceOf(presentation) is { } sentence)
                _reasons[challenge.Identifier.Value] = sentence;
            if (presentation is Presentation.InPlace inPlace)
                _findings.InPlace(challenge.Identifier, inPlace);
        }

        if (found.FirstOrDefault(pair => pair.Value is Presentation.Impossible) is { Key: { } name, Value: Presentation.Impossible impossible })
            return (null, await GiveUpAsync(need.State, new IssuanceStep.Failed("ChallengeImpossible", $"{name.Identifier} cannot be validated: {impossible.Why}"), cancel));

        var ready = found.Where(pair => pair.Value is Presentation.InPlace).Select(pair => pair.Key.Url.OriginalString).ToHashSet();
        OrderState state = need.State.WithPresented(challenge => ready.Contains(challenge.Url.OriginalString));
        int before = _presented.Count;
        _presented.UnionWith(ready);
        if (_presented.Count > before)
            return (state, null);

        // Nothing is new for the CA to look at: what it looks at already goes on by itself.
        Presentation.NotYet[] later = [.. found.OrderBy(pair => pair.Key.Identifier.Value, StringComparer.Ordinal).Select(pair => pair.Value).OfType<Presentation.NotYet>()];
        DateTimeOffset again = later.Select(presentation => presentation.LookAgain).DefaultIfEmpty(Now + WorthTelling).Min();
        string why = later.Length == 0 ? "The challenges are being put in place." : Utf8.Cut(string.Join(' ', later.Select(presentation => presentation.Why).Distinct()), MaxWhyBytes);
        return Now - state.StartedAt > Patience
            ? (null, await GiveUpAsync(state, new IssuanceStep.Failed("ChallengeNotInPlace", $"The challenges could not be put in place within {Patience.TotalHours:0} hours: {why}"), cancel))
            : (state, Wait(state, again, later.Any(presentation => presentation.NeedsUser) ? RecordMissing : Presenting, why));
    }

    private IssuanceStep.Issued Issued(OrderStep.Issued issued)
    {
        _budget.Issued(_names.Select(name => name.Value), Now);
        _services.Health.Succeeded(_issuer, _wish.Certificate);
        Forget();
        string?[] advice =
        [
            _findings.Notes,
            issued.IsPreferredChain ? null : $"The CA offers no chain up to \"{Spec.PreferredChain}\", so its usual one was taken: correct or remove preferredChain.",
            _budget.Warning(_wish, BudgetLimits.Of(Spec), Now),
        ];
        return new IssuanceStep.Issued([.. issued.Chain.Certificates.Select(der => IssuedCertificate.Parse(der))], [])
        {
            Advice = advice.Any(sentence => sentence is not null) ? string.Join(' ', advice.OfType<string>()) : null,
            Lapse = _findings.Lapse,
        };
    }

    private async Task<IssuanceStep> FailAsync(OrderStep.Failed failed, CancellationToken cancel)
    {
        AcmeFailure failure = failed.Failure;
        if (failure.IsAccountGone && _services.Accounts.Forget(_issuer, _access.Account))
        {
            await _challenges.RemoveAsync(failed.State?.Challenges ?? [], cancel);
            return Wait(null, Now, "AccountGone", "The CA does not know the account any more: it is asked for it once more.");
        }

        if (failure.Class is not FailureClass.Transient && await HasOtherKeyAsync(cancel))
            return Wait(failed.State, Now, "AccountKeyChanged", "The key of the account was changed meanwhile: the same is asked again.");
        if (failure.Class is FailureClass.Transient && failed.State is { } state)
            return Postpone(state, failure);

        IssuanceStep.Failed report = FailureHints.Add(
            FailureReport.Of(failure, _names), failure, _findings, _challenges.Missing(failed.State?.Challenges ?? []), _issuer.Status?.Acme, _issuance.Certificate.Status);
        Fail(report, isForAll: failure.Class is not FailureClass.NeedsUser && failure.Limit is LimitScope.None or LimitScope.Account);
        if (failed.State is null && failure is { Class: FailureClass.Transient, NotBefore: { } until })
            _budget.Hold(_wish, isForAll: failure.Limit == LimitScope.Account, until, report.Message);
        foreach (NameStatus name in (report.Names ?? []).Where(name => name.State == NameStates.Invalid && failure.Stage == AcmeStage.Validation))
            _budget.ValidationFailed(name.Name.StartsWith("*.", StringComparison.Ordinal) ? name.Name[2..] : name.Name, Now);
        return await GiveUpAsync(failed.State, report, cancel);
    }

    private IssuanceStep.Failed Fail(IssuanceStep.Failed failed, bool isForAll = false)
    {
        if (failed.IsOfIssuer)
            _services.Health.Failed(_issuer, isForAll ? null : _wish.Certificate, failed.NotBefore);
        return failed;
    }

    /// <summary>The CA or the way to it is in trouble: the same order, later.</summary>
    private IssuanceStep.Pending Postpone(OrderState state, AcmeFailure failure)
    {
        int failures = (_known?.Failures ?? 0) + 1;
        if (failures >= 3)
            _services.Health.Failed(_issuer, null, failure.NotBefore);
        var delay = TimeSpan.FromSeconds(Math.Min(600, 15 * Math.Pow(2, failures)));
        return Wait(state, failure.NotBefore ?? Now + delay, FailureReport.ReasonOf(failure), failure.Message, failures, isAsked: failure.NotBefore is not null);
    }

    private async Task<IssuanceStep.Failed> GiveUpAsync(OrderState? state, IssuanceStep.Failed failed, CancellationToken cancel)
    {
        if (state is not null)
            await _challenges.RemoveAsync(state.Challenges, cancel);
        Forget();
        return failed;
    }

    private void Forget()
    {
        _budget.Leave(_wish.Certificate);
        _services.Orders.Forget(_wish.Certificate);
    }

    private async Task<bool> HasOtherKeyAsync(CancellationToken cancel)
        => (await _services.Accounts.OpenAsync(_issuer, maintain: false, cancel)).Account.Key.Thumbprint != _access.Account.Key.Thumbprint;

    /// <param name="state">The order; null if there is none.</param>
    /// <param name="until">When to go on.</param>
    /// <param name="reason">CamelCase word for machines.</param>
    /// <param name="why">One sentence.</param>
    /// <param name="failures">In a row.</param>
    /// <param name="isAsked">The CA named the time, so that a restart must not shorten it.</param>
    private IssuanceStep.Pending Wait(OrderState? state, DateTimeOffset until, string reason, string why, int failures = 0, bool isAsked = false)
    {
        bool isStored = state is null || IsStored(state);
        bool isLong = until - Now >= WorthTelling;
        IssuanceStatus? record = state is null ? null
            : isStored && !isLong ? _issuance.UnderWay
            : OrderRecord.Write(state, _issuance, $"{_issuer.Kind}/{_issuer.Metadata.Name}", _thumbprint) with { NextCheck = isAsked && isLong ? ApiTime.NotBefore(until) : null };
        var pending = new IssuanceStep.Pending(record, until, reason, why, state is null ? null : NameStates.Of(_names, state.Challenges, _reasons));
        _services.Orders.Set(_wish.Certificate, new OrderUnderWay(_request, state, failures, isStored, pending, _findings));
        return pending;
    }

    /// <summary>Whether status tells of all that a restart needs to go on.</summary>
    private bool IsStored(OrderState state) => OrderRecord.IsStored(_issuance.UnderWay, state, _thumbprint);

    private ChallengeDesk Desk(ChallengeAccount account) => new(_services.Solvers, _issuer, _issuance.Certificate, account);

    private string? NoSolver(Identifier name)
        => _services.Solvers.TypesFor(Spec, name, _issuance.Certificate.Metadata.Labels) is { Types.Count: 0, Message: var why } ? why : null;

    private static string? SentenceOf(Presentation presentation) => presentation switch
    {
        Presentation.InPlace found => found.Advice,
        Presentation.NotYet later => later.Why,
        Presentation.Impossible never => never.Why,
        _ => null,
    };
}
