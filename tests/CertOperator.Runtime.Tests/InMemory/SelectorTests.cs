using CertOperator.Runtime.InMemory.Errors;
using CertOperator.Runtime.InMemory.Storage;
using static CertOperator.Runtime.Tests.InMemory.World;

namespace CertOperator.Runtime.Tests.InMemory;

public sealed class SelectorTests
{
    [Theory]
    [InlineData("", true)]
    [InlineData("app=web", true)]
    [InlineData("app==web", true)]
    [InlineData("app=db", false)]
    [InlineData("app!=db", true)]
    [InlineData("none!=db", true)]
    [InlineData("app", true)]
    [InlineData("!app", false)]
    [InlineData("!none", true)]
    [InlineData("app in (db, web)", true)]
    [InlineData("app notin (db,web)", false)]
    [InlineData("none notin (db)", true)]
    [InlineData("app=web,tier!=front,!none", true)]
    [InlineData("app=web,tier=front", false)]
    [InlineData("example.com/size>3", true)]
    [InlineData("example.com/size<3", false)]
    [InlineData("empty=", true)]
    public void Labels_are_selected_as_Kubernetes_does(string selector, bool selected)
        => Assert.Equal(
            selected,
            LabelSelector.Parse(selector).Matches(Json("""{"app": "web", "tier": "back", "example.com/size": "5", "empty": ""}""")));

    [Theory]
    [InlineData("a=b,")]
    [InlineData("=b")]
    [InlineData("a in b")]
    [InlineData("a b")]
    public void An_unreadable_label_selector_is_refused(string selector)
        => Assert.Equal(400, Assert.Throws<ApiStatusException>(() => LabelSelector.Parse(selector)).Code);

    [Theory]
    [InlineData("metadata.name=s", true)]
    [InlineData("metadata.name!=s", false)]
    [InlineData("type=kubernetes.io/tls", false)]
    [InlineData("type=Opaque,metadata.namespace=shop", true)]
    public void Fields_are_selected_as_Kubernetes_does(string selector, bool selected)
    {
        var world = new World();
        var secret = world.Cluster.Create(Secret("s", "Opaque"));

        Assert.Equal(selected, FieldSelector.Parse(selector, world.Cluster.Store.Resource(Secrets)).Matches(secret));
    }

    [Theory]
    [InlineData("data=x")]
    [InlineData("metadata.name")]
    public void A_field_that_the_kind_does_not_offer_is_refused(string selector)
    {
        var secrets = new World().Cluster.Store.Resource(Secrets);

        Assert.Equal(400, Assert.Throws<ApiStatusException>(() => FieldSelector.Parse(selector, secrets)).Code);
    }
}
