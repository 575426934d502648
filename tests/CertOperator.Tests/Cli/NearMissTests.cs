using CertOperator.Cli.Clusters;

namespace CertOperator.Cli;

public class NearMissTests
{
    [Theory]
    [InlineData("shop-tsl", "shop-tls")]
    [InlineData("shop", "shop-tls")]
    [InlineData("web", "wed")]
    [InlineData("entirely-other", null)]
    public void The_name_that_was_meant_is_near(string typed, string? meant)
        => Assert.Equal(meant, NearMiss.Of(typed, ["shop-tls", "wed", "a-name-that-is-far-away"]));
}
