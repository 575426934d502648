using CertOperator.Challenges.Http;
using CertOperator.Runtime.Client;

namespace CertOperator.Issuers.Acme.Budgets;

/// <summary>
/// Who may order now at one account. It counts what was ordered, keeps what the CA asked for, lets the nearest expiry go first,
/// and lets no two orders for the same names run at once. Thread-safe.
/// </summary>
internal sealed class AccountBudget
{
    public const string Reason = "WaitingForBudget";

    public const string TwinReason = "WaitingForTwin";

    private const string Orders = "orders";

    private static readonly TimeSpan Longest = TimeSpan.FromDays(8);
    private static readonly TimeSpan ClaimTime = TimeSpan.FromHours(1);
    private static readonly TimeSpan Twin = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestSpread = TimeSpan.FromMinutes(2);

    private readonly Lock _lock = new();
    private readonly SlidingWindow _window = new();
    private readonly Dictionary<string, (DateTimeOffset Until, string Why)> _holds = [];
    private readonly Dictionary<string, (ObjectKey Owner, DateTimeOffset Seen)> _claims = [];
    private readonly Dictionary<ObjectKey, (DateTimeOffset Urgency, DateTimeOffset Until)> _waiting = [];

    /// <summary>Null if the order may be made now; it is then counted. Else why not, and until when.</summary>
    public OrderWait? Enter(OrderWish wish, BudgetLimits limits, DateTimeOffset now)
    {
        lock (_lock)
        {
            OrderWait? wait = Held(wish, now) ?? Twinned(wish, now) ?? Limited(wish, limits, now);
            if (wait is not null)
            {
                _waiting[wish.Certificate] = (wish.Urgency, wait.Until);
                return wait;
            }

            _waiting.Remove(wish.Certificate);
            _claims[wish.NameSet] = (wish.Certificate, now);
            _window.Add(Orders, now, Longest);
            return null;
        }
    }

    /// <summary>The order is still under way.</summary>
    public void Keep(OrderWish wish, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (!_claims.TryGetValue(wish.NameSet, out var claim) || claim.Owner == wish.Certificate || claim.Seen + ClaimTime <= now)
                _claims[wish.NameSet] = (wish.Certificate, now);
        }
    }

    /// <summary>A Certificate's order is over, or not wanted any more.</summary>
    public void Leave(ObjectKey certificate)
    {
        lock (_lock)
        {
            _waiting.Remove(certificate);
            foreach (string names in _claims.Where(claim => claim.Value.Owner == certificate).Select(claim => claim.Key).ToList())
                _claims.Remove(names);
        }
    }

    /// <summary>A certificate was issued.</summary>
    public void Issued(IEnumerable<string> names, DateTimeOffset at)
    {
        lock (_lock)
        {
            string[] all = [.. names];
            _window.Add($"set:{OrderWish.SetOf(all)}", at, Longest);
            foreach (string domain in all.Select(RegisteredDomain.Of).Distinct())
                _window.Add($"domain:{domain}", at, Longest);
        }
    }

    /// <summary>
    /// That the ceiling for exactly these names is near, one sentence; null if it is not. Whoever deletes Secrets or namespaces time and
    /// again comes to it unawares, and then has no certificate for days.
    /// </summary>
    public string? Warning(OrderWish wish, BudgetLimits limits, DateTimeOffset now)
    {
        if (wish.IsAdvised || limits.CertificatesPerNameSet is not { } rate)
            return null;
        lock (_lock)
        {
            int count = _window.Count($"set:{wish.NameSet}", rate.Per, now);
            return count < Math.Max(2, rate.Count - 2)
                ? null
                : $"Exactly these names have had {count} certificates within {Api.GoDuration.Format(rate.Per)}, and {rate.Count} are the limit: keep the Secret when its Certificate or namespace is made anew.";
        }
    }

    /// <summary>A name could not be validated.</summary>
    public void ValidationFailed(string name, DateTimeOffset at)
    {
        lock (_lock)
            _window.Add($"failure:{name}", at, Longest);
    }

    /// <summary>An order was made before this process began.</summary>
    public void Ordered(DateTimeOffset at)
    {
        lock (_lock)
            _window.Add(Orders, at, Longest);
    }

    /// <summary>The CA wants no new order before a time: none for the same names, or none at all.</summary>
    public void Hold(OrderWish wish, bool isForAll, DateTimeOffset until, string why)
    {
        lock (_lock)
            _holds[isForAll ? Orders : wish.NameSet] = (until, why);
    }

    /// <summary>How many orders may be made now; null if there is no ceiling.</summary>
    public int? OrdersLeft(BudgetLimits limits, DateTimeOffset now)
    {
        if (limits.NewOrders is not { } rate)
            return null;
        lock (_lock)
            return Math.Max(0, rate.Count - _window.Count(Orders, rate.Per, now));
    }

    private OrderWait? Held(OrderWish wish, DateTimeOffset now)
    {
        foreach (string scope in (string[])[Orders, wish.NameSet])
        {
            if (!_holds.TryGetValue(scope, out var hold))
                continue;
            if (hold.Until > now)
                return new OrderWait(hold.Until + Spread(wish, hold.Until - now), scope == Orders ? FailureReport.AccountLimited : FailureReport.RateLimited, hold.Why);
            _holds.Remove(scope);
        }

        return null;
    }

    /// <summary>Those that wait for the same time do not come all at once.</summary>
    private static TimeSpan Spread(OrderWish wish, TimeSpan wait)
    {
        TimeSpan most = wait / 10 < LongestSpread ? wait / 10 : LongestSpread;
        return TimeSpan.FromSeconds(Math.Floor(most.TotalSeconds * ShortHash.Number(wish.Certificate.ToString()) / uint.MaxValue));
    }

    /// <summary>Some CAs give the same order to both, and then only one of them gets its certificate.</summary>
    private OrderWait? Twinned(OrderWish wish, DateTimeOffset now)
        => _claims.TryGetValue(wish.NameSet, out var claim) && claim.Owner != wish.Certificate && claim.Seen + ClaimTime > now
            ? new OrderWait(now + Twin, TwinReason, $"The Certificate {NameFor(claim.Owner, wish)} is having the same names signed by the same account: this one follows.")
            : null;

    private OrderWait? Limited(OrderWish wish, BudgetLimits limits, DateTimeOffset now)
    {
        var waits = new List<OrderWait>();
        void Check(string counted, Rate? rate, int ahead, string what)
        {
            if (rate is not null && _window.FreeAt(counted, rate, ahead, now) is { } free)
                waits.Add(new OrderWait(free, Reason, $"The issuer's budget of {rate.Count} {what} in {Api.GoDuration.Format(rate.Per)} is used up: this one follows at {free:u}."));
        }

        if (!wish.IsAdvised)
        {
            if (!wish.IsRenewal)
            {
                foreach (string domain in wish.Names.Select(name => RegisteredDomain.Of(name.Value)).Distinct())
                    Check($"domain:{domain}", limits.CertificatesPerDomain, 0, $"certificates below {domain}");
            }

            Check(Orders, limits.NewOrders, Ahead(wish, now), "orders");
            Check($"set:{wish.NameSet}", limits.CertificatesPerNameSet, 0, "certificates for exactly these names");
        }

        foreach (string name in wish.Names.Select(name => name.WithoutWildcard().Value).Distinct())
            Check($"failure:{name}", limits.FailuresPerName, 0, $"failed validations of {name}");
        return waits.MaxBy(wait => wait.Until);
    }

    /// <summary>How many that wait have the nearer expiry; one that did not come back in time waits no more.</summary>
    private int Ahead(OrderWish wish, DateTimeOffset now)
    {
        foreach (var (certificate, waiter) in _waiting)
        {
            if (waiter.Until + ClaimTime < now)
                _waiting.Remove(certificate);
        }

        return _waiting.Count(waiter => waiter.Key != wish.Certificate && waiter.Value.Urgency < wish.Urgency);
    }

    /// <summary>Who may read one Certificate may not be allowed to know of other namespaces.</summary>
    private static string NameFor(ObjectKey owner, OrderWish wish)
        => owner.Namespace == wish.Certificate.Namespace ? owner.Name : "of another namespace";
}
