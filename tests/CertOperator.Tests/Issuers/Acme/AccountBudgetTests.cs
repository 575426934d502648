using CertOperator.Acme.Orders;
using CertOperator.Api;
using CertOperator.Issuers.Acme.Budgets;
using CertOperator.Runtime.Client;

namespace CertOperator.Issuers.Acme;

public class AccountBudgetTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly AccountBudget _budget = new();

    [Fact]
    public void Orders_beyond_the_rate_wait_until_the_oldest_is_out_of_the_window()
    {
        var limits = new BudgetLimits { NewOrders = new Rate(2, TimeSpan.FromHours(3)) };
        Assert.Null(_budget.Enter(Wish("a"), limits, Start));
        Assert.Null(_budget.Enter(Wish("b"), limits, Start.AddHours(1)));
        OrderWait wait = _budget.Enter(Wish("c"), limits, Start.AddHours(2))!;

        Assert.Equal(Start.AddHours(3), wait.Until);
        Assert.Contains("2 orders in 3h", wait.Why, StringComparison.Ordinal);
        Assert.Null(_budget.Enter(Wish("c"), limits, wait.Until));
    }

    [Fact]
    public void The_nearest_expiry_goes_first()
    {
        var limits = new BudgetLimits { NewOrders = new Rate(1, TimeSpan.FromHours(1)) };
        Assert.Null(_budget.Enter(Wish("a"), limits, Start));
        Assert.NotNull(_budget.Enter(Wish("late", Start.AddDays(30)), limits, Start));
        Assert.NotNull(_budget.Enter(Wish("soon", Start.AddDays(1)), limits, Start));

        DateTimeOffset free = Start.AddHours(1);
        Assert.NotNull(_budget.Enter(Wish("late", Start.AddDays(30)), limits, free));
        Assert.Null(_budget.Enter(Wish("soon", Start.AddDays(1)), limits, free));
    }

    [Fact]
    public void What_the_ca_advised_counts_against_no_ceiling_but_that_of_failures()
    {
        var limits = new BudgetLimits { NewOrders = new Rate(1, TimeSpan.FromHours(1)), CertificatesPerNameSet = new Rate(1, TimeSpan.FromDays(7)) };
        Assert.Null(_budget.Enter(Wish("a"), limits, Start));
        _budget.Issued(["a.example.com"], Start);
        _budget.Leave(Key("a"));
        Assert.NotNull(_budget.Enter(Wish("a"), limits, Start));
        Assert.Null(_budget.Enter(Wish("a") with { IsAdvised = true }, limits, Start));

        for (int i = 0; i < 3; i++)
            _budget.ValidationFailed("a.example.com", Start);
        Assert.Equal(Start.AddHours(1), _budget.Enter(Wish("a") with { IsAdvised = true }, limits, Start)!.Until);
    }

    [Fact]
    public void A_hold_of_the_account_is_for_all_and_one_of_names_for_these()
    {
        _budget.Hold(Wish("a"), isForAll: false, Start.AddHours(1), "The CA said so.");
        Assert.NotNull(_budget.Enter(Wish("a"), new BudgetLimits(), Start));
        Assert.Null(_budget.Enter(Wish("b"), new BudgetLimits(), Start));
        _budget.Hold(Wish("a"), isForAll: true, Start.AddHours(1), "The CA said so.");
        Assert.NotNull(_budget.Enter(Wish("c"), new BudgetLimits(), Start));
        Assert.Null(_budget.Enter(Wish("c"), new BudgetLimits(), Start.AddHours(1)));
    }

    [Fact]
    public void Those_that_wait_for_the_same_time_do_not_come_all_at_once()
    {
        _budget.Hold(Wish("a"), isForAll: true, Start.AddHours(1), "The CA said so.");
        var comeAt = Enumerable.Range(0, 100).Select(number => _budget.Enter(Wish($"n{number}"), new BudgetLimits(), Start)!.Until).ToList();

        Assert.All(comeAt, at => Assert.InRange(at, Start.AddHours(1), Start.AddHours(1).AddMinutes(2)));
        Assert.True(comeAt.Distinct().Count() > 50);
        _budget.Hold(Wish("a"), isForAll: true, Start.AddSeconds(30), "The CA said so.");
        Assert.InRange(_budget.Enter(Wish("n1"), new BudgetLimits(), Start)!.Until, Start.AddSeconds(30), Start.AddSeconds(33));
    }

    [Fact]
    public void The_ceiling_for_exactly_the_same_names_is_warned_of()
    {
        var limits = new BudgetLimits { CertificatesPerNameSet = new Rate(5, TimeSpan.FromDays(7)) };
        var told = Enumerable.Range(1, 4).Select(number =>
        {
            _budget.Issued(["a.example.com"], Start.AddDays(number));
            return _budget.Warning(Wish("a"), limits, Start.AddDays(number));
        }).ToList();

        Assert.Equal([null, null], told[..2]);
        Assert.Equal("Exactly these names have had 3 certificates within 168h, and 5 are the limit: keep the Secret when its Certificate or namespace is made anew.", told[2]);
        Assert.StartsWith("Exactly these names have had 4 certificates", told[3], StringComparison.Ordinal);
        Assert.Null(_budget.Warning(Wish("a") with { IsAdvised = true }, limits, Start.AddDays(4)));
        Assert.Null(_budget.Warning(Wish("b"), limits, Start.AddDays(4)));
        Assert.Null(_budget.Warning(Wish("a"), new BudgetLimits(), Start.AddDays(4)));
    }

    [Theory]
    [InlineData("www.shop.example.com", "example.com")]
    [InlineData("example.com", "example.com")]
    [InlineData("www.example.co.uk", "example.co.uk")]
    [InlineData("*.example.de", "example.de")]
    [InlineData("192.0.2.1", "192.0.2.1")]
    public void A_registered_domain_is_guessed(string name, string domain) => Assert.Equal(domain, RegisteredDomain.Of(name));

    [Fact]
    public void Published_limits_hold_unless_the_issuer_has_its_own()
    {
        var spec = new AcmeIssuerSpec { Server = "https://acme-v02.api.letsencrypt.org/directory", PrivateKeySecretRef = new SecretKeyRef { Name = "key" } };
        Assert.Equal(new Rate(300, TimeSpan.FromHours(3)), BudgetLimits.Of(spec).NewOrders);
        BudgetLimits own = BudgetLimits.Of(spec with { Budget = new AcmeBudgetSpec { NewOrders = new RateSpec { Count = 10, Per = "1h" } } });
        Assert.Equal(new Rate(10, TimeSpan.FromHours(1)), own.NewOrders);
        Assert.Equal(new Rate(5, TimeSpan.FromDays(7)), own.CertificatesPerNameSet);
    }

    private static ObjectKey Key(string name) => new("shop", name);

    private static OrderWish Wish(string name, DateTimeOffset? expires = null)
        => new(Key(name), [Identifier.Dns($"{name}.example.com")], expires, IsRenewal: false, IsAdvised: false);
}
