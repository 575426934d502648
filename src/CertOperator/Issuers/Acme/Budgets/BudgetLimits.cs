using CertOperator.Api;

namespace CertOperator.Issuers.Acme.Budgets;

/// <summary>So many in so long a time.</summary>
internal sealed record Rate(int Count, TimeSpan Per);

/// <summary>The ceilings of one account; null where there is none. Below the CA's own, so that it never has to refuse.</summary>
internal sealed record BudgetLimits
{
    /// <summary>A CA counts five an hour, and a person who looks for the cause wants one left.</summary>
    private static readonly Rate OwnFailures = new(3, TimeSpan.FromHours(1));

    /// <summary>Those that are published, by the host of the directory.</summary>
    private static readonly Dictionary<string, BudgetLimits> Published = new()
    {
        ["acme-v02.api.letsencrypt.org"] = new()
        {
            NewOrders = new Rate(300, TimeSpan.FromHours(3)),
            CertificatesPerDomain = new Rate(50, TimeSpan.FromDays(7)),
            CertificatesPerNameSet = new Rate(5, TimeSpan.FromDays(7)),
        },
        ["acme-staging-v02.api.letsencrypt.org"] = new() { NewOrders = new Rate(1500, TimeSpan.FromHours(3)) },
    };

    public Rate? NewOrders { get; init; }

    public Rate? CertificatesPerDomain { get; init; }

    public Rate? CertificatesPerNameSet { get; init; }

    /// <summary>Failed validations of one name.</summary>
    public Rate FailuresPerName { get; init; } = OwnFailures;

    /// <summary>Those of the CA if it is a known one, where the issuer does not say otherwise.</summary>
    public static BudgetLimits Of(AcmeIssuerSpec spec)
    {
        BudgetLimits known = Uri.TryCreate(spec.Server, UriKind.Absolute, out Uri? server) && Published.TryGetValue(server.Host, out BudgetLimits? published)
            ? published
            : new BudgetLimits();
        return spec.Budget is not { } own ? known : new BudgetLimits
        {
            NewOrders = Read(own.NewOrders) ?? known.NewOrders,
            CertificatesPerDomain = Read(own.CertificatesPerDomain) ?? known.CertificatesPerDomain,
            CertificatesPerNameSet = Read(own.CertificatesPerNameSet) ?? known.CertificatesPerNameSet,
            FailuresPerName = Read(own.FailuresPerName) ?? known.FailuresPerName,
        };
    }

    private static Rate? Read(RateSpec? spec) => spec is { Count: > 0 } && GoDuration.TryParse(spec.Per, out TimeSpan per) ? new Rate(spec.Count, per) : null;
}
