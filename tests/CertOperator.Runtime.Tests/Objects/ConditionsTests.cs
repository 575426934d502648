using CertOperator.Runtime.Objects;

namespace CertOperator.Runtime.Tests.Objects;

public sealed class ConditionsTests
{
    private static readonly DateTimeOffset Then = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Now = Then.AddHours(1);

    private static readonly IReadOnlyList<Condition> Stored =
    [
        Of("Ready", "False") with { LastTransitionTime = Then },
        Of("Served", "True") with { LastTransitionTime = Then },
    ];

    [Fact]
    public void The_first_condition_of_a_type_begins_now_in_whole_seconds()
        => Assert.Equal(
            [Of("Ready", "True") with { LastTransitionTime = Now }],
            Conditions.Set(null, Of("Ready", "True"), Now.AddMilliseconds(999).ToOffset(TimeSpan.FromHours(2))));

    [Fact]
    public void A_new_status_begins_now_in_its_old_place()
        => Assert.Equal(
            [Of("Ready", "True") with { LastTransitionTime = Now }, Stored[1]],
            Conditions.Set(Stored, Of("Ready", "True"), Now));

    [Fact]
    public void A_new_reason_alone_does_not_move_the_time()
    {
        var changed = Of("Ready", "False") with { Reason = "Other", Message = "Something else.", ObservedGeneration = 7 };
        Assert.Equal(changed with { LastTransitionTime = Then }, Conditions.Set(Stored, changed, Now)[0]);
    }

    [Fact]
    public void Setting_what_is_there_changes_nothing()
        => Assert.True(Conditions.Same(Stored, Conditions.Set(Stored, Of("Served", "True"), Now)));

    [Fact]
    public void Lists_differ_by_any_field()
    {
        Assert.False(Conditions.Same(Stored, Conditions.Set(Stored, Of("Served", "True") with { Message = "!" }, Now)));
        Assert.False(Conditions.Same(Stored, null));
        Assert.True(Conditions.Same(null, []));
    }

    [Fact]
    public void A_condition_is_found_by_its_type()
    {
        Assert.True(Conditions.IsTrue(Stored, "Served"));
        Assert.False(Conditions.IsTrue(Stored, "Ready"));
        Assert.False(Conditions.IsTrue(null, "Ready"));
        Assert.Null(Conditions.Find(Stored, "Issuing"));
    }

    private static Condition Of(string type, string status)
        => new() { Type = type, Status = status, Reason = "Because", Message = "So it is." };
}
