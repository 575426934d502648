using CertOperator.Challenges;
using CertOperator.Issuers.Acme.Budgets;

namespace CertOperator.Issuers.Acme;

/// <summary>What all ACME issuers of this process share.</summary>
/// <param name="Accounts">Who asks.</param>
/// <param name="Solvers">Who answers challenges.</param>
/// <param name="Budgets">Who may order when.</param>
/// <param name="Health">Which issuers are well.</param>
/// <param name="Orders">What is known of orders under way.</param>
/// <param name="Time">The clock.</param>
/// <param name="Logger">Told of what is only tidied up.</param>
internal sealed record AcmeServices(
    AcmeAccounts Accounts, SolverCatalog Solvers, AcmeBudgets Budgets, IssuerHealth Health, OrdersUnderWay Orders, TimeProvider Time, ILogger Logger);
