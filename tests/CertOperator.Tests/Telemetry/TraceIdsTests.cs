namespace CertOperator.Telemetry;

public sealed class TraceIdsTests
{
    private const string Attempt = "0af7651916cd43dd8448eb211c80319c";

    [Fact]
    public void A_trace_is_found_by_the_identifier_of_its_attempt() => Assert.Equal(Attempt, TraceIds.Of(Attempt).Trace.ToHexString());

    [Theory]
    [InlineData("00000000000000000000000000000000")]
    [InlineData("0AF7651916CD43DD8448EB211C80319C")]
    [InlineData("0af7651916cd43dd")]
    [InlineData("written by somebody else")]
    [InlineData("")]
    public void What_is_no_identifier_of_a_trace_still_gives_one(string attempt)
    {
        var (trace, root) = TraceIds.Of(attempt);
        Assert.NotEqual(default, trace);
        Assert.NotEqual(default, root);
        Assert.Equal((trace, root), TraceIds.Of(attempt));
        Assert.NotEqual(trace, TraceIds.Of(attempt + "1").Trace);
        Assert.NotEqual(root, TraceIds.Of(attempt + "1").Root);
    }
}
