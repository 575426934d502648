using CertOperator.Api;

namespace CertOperator.Controllers.Served;

/// <summary>What is remembered, and what a restart finds in status instead.</summary>
public sealed class ServedRecordTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1), Minute = TimeSpan.FromMinutes(1), Day = TimeSpan.FromDays(1);

    private static readonly ServedScope Scope = Some.Scope();

    [Fact]
    public void One_that_was_right_before_a_restart_keeps_its_moment_and_is_asked_for_nothing_else()
    {
        TargetState state = Found(Some.Certificate((ConditionTypes.True, ServedReasons.Served, Day), issued: Minute));
        Assert.Equal(ServedTimes.Regular("u", Some.Target, Some.Now, Some.Options.Interval), state.Due);
        Assert.False(state.IsPending(Some.Options.Grace));
    }

    [Fact]
    public void One_that_was_issued_a_moment_ago_is_asked_soon()
    {
        TargetState state = Found(Some.Certificate(issued: Second));
        Assert.Equal((Some.Now + ServedTimes.Soon, Some.Now), (state.Due, state.WrongSince));
    }

    [Fact]
    public void One_that_status_does_not_tell_of_yet_is_asked_soon_however_many_there_are()
    {
        ServedRecord record = ServedRecord.Of(null, Some.Certificate(fingerprint: "BB"), Some.Stored, Scope, 10_000, Some.Now, Some.Options);
        Assert.Equal(Some.Now + ServedTimes.Soon, record.States[Some.Target].Due);

        // A cluster that was restored without status is no reason to ask for all of them at once.
        record = ServedRecord.Of(null, Some.Certificate(fingerprint: "BB"), Some.Stored, Scope, 10_000, Some.Now + Day, Some.Options);
        Assert.NotEqual(Some.Now + Day + ServedTimes.Soon, record.States[Some.Target].Due);
    }

    [Fact]
    public void A_grace_that_runs_goes_on_over_a_restart()
    {
        TargetState state = Found(Some.Certificate((ConditionTypes.Unknown, ServedReasons.Pending, 5 * Minute), issued: 5 * Minute));
        Assert.Equal((Some.Now + ServedTimes.Soon, Some.Now - (5 * Minute)), (state.Due, state.WrongSince));
        // Unknown since long, and a new certificate since: its own grace counts.
        state = Found(Some.Certificate((ConditionTypes.Unknown, ServedReasons.NotReachable, Day), issued: 5 * Minute));
        Assert.Equal(Some.Now - (5 * Minute), state.WrongSince);
    }

    [Fact]
    public void A_mismatch_that_was_told_is_one_at_the_first_look_after_a_restart()
    {
        ServedRecord record = Of(null, Some.Certificate((ConditionTypes.False, ServedReasons.OtherCertificate, Day), issued: 2 * Day));
        TargetState before = record.States[Some.Target];
        Assert.InRange(before.Due, Some.Now + ServedTimes.Soon, Some.Now + Minute);
        TargetState after = record.With(Some.Target, Some.Sight(before.Due, "BB"), Some.Options).States[Some.Target];
        Assert.False(after.IsPending(Some.Options.Grace));
    }

    [Fact]
    public void Where_there_was_nobody_to_ask_the_grace_begins_with_the_address()
    {
        TargetState state = Found(Some.Certificate((ConditionTypes.Unknown, ServedReasons.NoAddress, Day), issued: Day));
        Assert.Equal((Some.Now + ServedTimes.Soon, Some.Now), (state.Due, state.WrongSince));
    }

    [Fact]
    public void A_rotation_begins_anew_and_a_new_target_alone()
    {
        ServedRecord record = Of(null, Some.Certificate(issued: Second)).With(Some.Target, Some.Sight(Some.Now, "AA"), Some.Options);
        Assert.Null(record.States[Some.Target].WrongSince);
        Assert.Same(record, Of(record, Some.Certificate()));

        DateTimeOffset later = Some.Now + Day;
        ServedRecord rotated = ServedRecord.Of(record, Some.Certificate(), Some.Facts("BB"), Scope, 1, later, Some.Options);
        Assert.Equal((later + ServedTimes.Soon, later, null), (rotated.States[Some.Target].Due, rotated.States[Some.Target].WrongSince, rotated.States[Some.Target].Last));

        ServedRecord wider = ServedRecord.Of(record, Some.Certificate(), Some.Stored, Some.Scope("web.example.com", "www.example.com"), 1, later, Some.Options);
        Assert.Same(record.States[Some.Target], wider.States[Some.Target]);
        Assert.Equal(later, wider.States[new ServedTarget("www.example.com", "10.0.0.1")].WrongSince);
        Assert.Single(ServedRecord.Of(wider, Some.Certificate(), Some.Stored, Scope, 1, later, Some.Options).States);
    }

    [Fact]
    public void One_made_anew_under_the_name_inherits_nothing()
    {
        ServedRecord record = Of(null, Some.Certificate()).With(Some.Target, Some.Sight(Some.Now, "AA"), Some.Options);
        ServedRecord other = Of(record, Some.Certificate(issued: Second, uid: "v"));
        Assert.Null(other.States[Some.Target].Last);
    }

    [Fact]
    public void What_is_wrong_counts_when_it_was_seen_so_after_the_grace()
    {
        ServedRecord record = Of(null, Some.Certificate(issued: Second));
        TargetState state = record.States[Some.Target];
        int looks = 0;
        for (; state.IsPending(Some.Options.Grace); looks++)
        {
            Assert.True(state.Due <= Some.Now + Some.Options.Grace);
            record = record.With(Some.Target, Some.Sight(state.Due, "BB"), Some.Options);
            state = record.States[Some.Target];
        }

        Assert.Equal(Some.Now + Some.Options.Grace, state.Last!.At);
        Assert.InRange(looks, 8, 16);
        Assert.Null(record.With(Some.Target, Some.Sight(state.Due, "AA"), Some.Options).States[Some.Target].WrongSince);
    }

    [Fact]
    public void The_target_whose_time_comes_first_is_next()
    {
        ServedRecord record = ServedRecord.Of(null, Some.Certificate(issued: Second), Some.Stored, Some.Scope("web.example.com", "www.example.com"), 1, Some.Now, Some.Options);
        record = record.With(Some.Target, Some.Sight(Some.Now, "AA"), Some.Options);
        Assert.Equal("www.example.com", record.Next.Target.Host);
    }

    private static TargetState Found(Certificate certificate) => Assert.Single(Of(null, certificate).States.Values);

    private static ServedRecord Of(ServedRecord? before, Certificate certificate) => ServedRecord.Of(before, certificate, Some.Stored, Scope, 1, Some.Now, Some.Options);
}
