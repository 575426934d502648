using CertOperator.Api;
using CertOperator.Runtime.Objects;

namespace CertOperator.Cli.Status;

public class NextStepTests
{
    private static readonly DateTimeOffset Now = CliRun.Now;

    private static readonly CertificateStatus Good = new()
    {
        Conditions = [Condition(ConditionTypes.Ready, ConditionTypes.True, "Ready", "Fine.")],
        NotAfter = Now.AddDays(60),
        RenewalTime = Now.AddDays(30),
    };

    private static readonly CertificateStatus Bad = Good with { Conditions = [Condition(ConditionTypes.Ready, ConditionTypes.False, "IssuerNotReady", "It is not.")] };

    private static readonly Dictionary<string, CertificateStatus?> Cases = new()
    {
        ["The operator has not looked at it yet: does it run?"] = null,
        ["It renews on 2030-02-14 09:30Z, in 30d."] = Good,
        ["Its renewal is due since 2030-01-15 06:30Z."] = Good with { RenewalTime = Now.AddHours(-3) },
        ["Nothing is to be done."] = Good with { RenewalTime = null },
        ["It is looked at again as soon as that changes."] = Bad,
        ["The next attempt is made on 2030-01-15 09:40Z, in 10m."] = Bad with { NextAttemptTime = Now.AddMinutes(10) },
        ["The next attempt is made on 2030-01-15 09:40Z, in 10m, because the last one failed, as the 2 before it; cert-operator renew makes it at once."] =
            Bad with { NextAttemptTime = Now.AddMinutes(10), FailedIssuanceAttempts = 3 },
        ["The next attempt is made now, because the last one failed; cert-operator renew makes it at once."] = Bad with { NextAttemptTime = Now, FailedIssuanceAttempts = 1 },
        ["Issuer/acme has been asked 3m ago. The CA validates web.example.com. It is asked again in 30s."] = Bad with
        {
            Conditions = [.. Bad.Conditions!, Condition(ConditionTypes.Issuing, ConditionTypes.True, "Validating", "The CA validates web.example.com.")],
            Issuance = new IssuanceStatus { Id = "1", Issuer = "Issuer/acme", Started = Now.AddMinutes(-3), NextCheck = Now.AddSeconds(30) },
        },
    };

    public static TheoryData<string> Sentences => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Sentences))]
    public void What_happens_next_is_said_in_plain_words(string sentence) => Assert.Equal(sentence, NextStep.Of(Certificate(Cases[sentence]), Now));

    [Fact]
    public void A_spec_that_was_not_seen_yet_and_a_deletion_come_first()
    {
        Certificate certificate = Certificate(Good);
        Assert.StartsWith("The spec was changed", NextStep.Of(certificate with { Metadata = certificate.Metadata with { Generation = 2 } }, Now), StringComparison.Ordinal);
        Assert.Equal("It is being deleted.", NextStep.Of(certificate with { Metadata = certificate.Metadata with { DeletionTimestamp = Now } }, Now));
    }

    private static Certificate Certificate(CertificateStatus? status) => new() { Metadata = new ObjectMeta { Name = "web", Namespace = "shop", Generation = 1 }, Status = status };

    private static Condition Condition(string type, string status, string reason, string message)
        => new() { Type = type, Status = status, Reason = reason, Message = message, ObservedGeneration = 1 };
}
