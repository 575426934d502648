using CertOperator.Acme.Errors;

namespace CertOperator.Acme.Tests.Errors;

public sealed class FailureTableTests
{
    [Theory]
    [InlineData(AcmeStage.NewOrder, 400, "badNonce", "", false, FailureClass.Transient, Fault.Ca)]
    [InlineData(AcmeStage.NewOrder, 429, "rateLimited", "too many", true, FailureClass.Transient, Fault.Ca)]
    [InlineData(AcmeStage.NewOrder, 429, "rateLimited", "too many", false, FailureClass.Transient, Fault.Ca)]
    [InlineData(AcmeStage.NewOrder, 429, "rateLimited", "visit https://ca.example/unpause", false, FailureClass.NeedsUser, Fault.Issuer)]
    [InlineData(AcmeStage.NewOrder, 429, "rateLimited", "see https://ca.example/docs", true, FailureClass.Transient, Fault.Ca)]
    [InlineData(AcmeStage.NewOrder, 429, "about:blank", "", false, FailureClass.Transient, Fault.Ca)]
    [InlineData(AcmeStage.NewOrder, 400, "accountDoesNotExist", "", false, FailureClass.Permanent, Fault.Issuer)]
    [InlineData(AcmeStage.NewOrder, 403, "unauthorized", "account is deactivated", false, FailureClass.Permanent, Fault.Issuer)]
    [InlineData(AcmeStage.NewOrder, 403, "unauthorized", "not permitted to use certificate profile", false, FailureClass.Permanent, Fault.Request)]
    [InlineData(AcmeStage.NewOrder, 400, "invalidProfile", "", false, FailureClass.Permanent, Fault.Request)]
    [InlineData(AcmeStage.NewOrder, 400, "rejectedIdentifier", "", false, FailureClass.Permanent, Fault.Request)]
    [InlineData(AcmeStage.NewOrder, 400, "malformed", "an order needs identifiers", false, FailureClass.Permanent, Fault.Request)]
    [InlineData(AcmeStage.NewOrder, 403, "userActionRequired", "", false, FailureClass.NeedsUser, Fault.Issuer)]
    [InlineData(AcmeStage.NewOrder, 500, "serverInternal", "", true, FailureClass.Transient, Fault.Ca)]
    [InlineData(AcmeStage.NewOrder, 503, "about:blank", "", false, FailureClass.Transient, Fault.Ca)]
    [InlineData(AcmeStage.NewOrder, 502, "somethingNew", "", false, FailureClass.Transient, Fault.Ca)]
    [InlineData(AcmeStage.NewOrder, 418, "somethingNew", "", false, FailureClass.Permanent, Fault.Request)]
    [InlineData(AcmeStage.NewOrder, 409, "alreadyReplaced", "", false, FailureClass.NewOrder, Fault.Client)]
    [InlineData(AcmeStage.NewAccount, 403, "externalAccountRequired", "", false, FailureClass.NeedsUser, Fault.Issuer)]
    [InlineData(AcmeStage.NewAccount, 400, "malformed", "The account is not awaiting external account binding", false, FailureClass.NeedsUser, Fault.Issuer)]
    [InlineData(AcmeStage.NewAccount, 400, "invalidContact", "", false, FailureClass.Permanent, Fault.Issuer)]
    [InlineData(AcmeStage.NewAccount, 400, "badSignatureAlgorithm", "", false, FailureClass.Permanent, Fault.Issuer)]
    [InlineData(AcmeStage.NewAccount, 400, "badPublicKey", "", false, FailureClass.Permanent, Fault.Issuer)]
    [InlineData(AcmeStage.Order, 404, "malformed", "no such order", false, FailureClass.NewOrder, Fault.Ca)]
    [InlineData(AcmeStage.Order, 404, "about:blank", "", false, FailureClass.NewOrder, Fault.Ca)]
    [InlineData(AcmeStage.Order, 200, "serverInternal", "", false, FailureClass.Transient, Fault.Ca)]
    [InlineData(AcmeStage.Order, 200, "about:blank", "", false, FailureClass.NewOrder, Fault.Ca)]
    [InlineData(AcmeStage.Validation, 200, "dns", "NXDOMAIN", false, FailureClass.NewOrder, Fault.Validation)]
    [InlineData(AcmeStage.Validation, 200, "connection", "refused", false, FailureClass.NewOrder, Fault.Validation)]
    [InlineData(AcmeStage.Validation, 200, "tls", "", false, FailureClass.NewOrder, Fault.Validation)]
    [InlineData(AcmeStage.Validation, 200, "incorrectResponse", "", false, FailureClass.NewOrder, Fault.Validation)]
    [InlineData(AcmeStage.Validation, 200, "unauthorized", "", false, FailureClass.NewOrder, Fault.Validation)]
    [InlineData(AcmeStage.Validation, 200, "caa", "SERVFAIL", false, FailureClass.NewOrder, Fault.Validation)]
    [InlineData(AcmeStage.Validation, 200, "caa", "forbids", false, FailureClass.Permanent, Fault.Validation)]
    [InlineData(AcmeStage.Validation, 200, "somethingNew", "", false, FailureClass.NewOrder, Fault.Validation)]
    [InlineData(AcmeStage.Finalize, 403, "orderNotReady", "", false, FailureClass.Transient, Fault.Ca)]
    [InlineData(AcmeStage.Finalize, 403, "unauthorized", "names differ", false, FailureClass.NewOrder, Fault.Client)]
    [InlineData(AcmeStage.Finalize, 400, "badCSR", "weak key", false, FailureClass.NewOrder, Fault.Request)]
    [InlineData(AcmeStage.Finalize, 403, "caa", "forbids", false, FailureClass.Permanent, Fault.Validation)]
    [InlineData(AcmeStage.Finalize, 415, "malformed", "", false, FailureClass.Permanent, Fault.Client)]
    [InlineData(AcmeStage.Revocation, 400, "badRevocationReason", "", false, FailureClass.Permanent, Fault.Request)]
    [InlineData(AcmeStage.RenewalInfo, 404, "malformed", "", false, FailureClass.Permanent, Fault.Ca)]
    public void A_refusal_is_judged_by_its_type(AcmeStage stage, int status, string type, string detail, bool hasRetryAfter, FailureClass gravity, Fault fault)
    {
        var rule = FailureTable.Find(new FailureFacts(stage, status, type, detail, hasRetryAfter));

        Assert.Equal((gravity, fault), (rule.Class, rule.Fault));
    }

    [Fact]
    public void Several_problems_are_as_grave_as_the_gravest()
    {
        var problem = new AcmeProblem(ProblemTypes.Compound, "") { Subproblems = [new("dns", ""), new("rejectedIdentifier", ""), new("connection", "")] };

        Assert.Equal(FailureClass.Permanent, FailureTable.Find(AcmeStage.NewOrder, 400, problem, hasRetryAfter: false).Class);
    }

    [Fact]
    public void Whatever_is_refused_falls_under_some_rule()
    {
        foreach (var stage in Enum.GetValues<AcmeStage>())
            for (var status = 0; status < 600; status++)
                Assert.NotNull(FailureTable.Find(new FailureFacts(stage, status, "about:blank", "", false)));
    }

    [Fact]
    public void Every_rule_is_the_first_to_match_something()
    {
        var facts =
            from stage in Enum.GetValues<AcmeStage>()
            from status in new[] { 200, 400, 403, 404, 415, 429, 500 }
            from type in typeof(ProblemTypes).GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetValue(null)!)
            from detail in new[] { "", "https://ca.example", "external account", "profile", "SERVFAIL" }
            select FailureTable.Find(new FailureFacts(stage, status, type, detail, false));

        Assert.Equal(FailureTable.Rules.Count, facts.Distinct().Count());
    }
}
