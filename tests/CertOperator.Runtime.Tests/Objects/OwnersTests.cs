using CertOperator.Runtime.Objects;
using CertOperator.Runtime.Tests.Kinds;

namespace CertOperator.Runtime.Tests.Objects;

public sealed class OwnersTests
{
    private static readonly Marble Owner = Marble.Named("a") with { Metadata = new ObjectMeta { Name = "a", Uid = "1" } };

    [Fact]
    public void A_reference_names_the_owner_and_makes_it_the_controller()
    {
        var reference = Owners.Controller(Owner);
        Assert.Equal(
            new OwnerReference { ApiVersion = "example.org/v1", Kind = "Marble", Name = "a", Uid = "1", Controller = true }, reference);
        Assert.Equal(reference, Owners.ControllerOf(OwnedBy(reference)));
    }

    [Fact]
    public void A_later_object_of_the_same_name_is_not_the_owner()
    {
        var owned = OwnedBy(Owners.Controller(Owner));
        Assert.True(Owners.IsOwnedBy(owned, Owner));
        Assert.False(Owners.IsOwnedBy(owned, Owner with { Metadata = Owner.Metadata with { Uid = "2" } }));
        Assert.False(Owners.IsOwnedBy(new ObjectMeta(), Owner));
    }

    [Fact]
    public void An_owner_that_is_not_the_controller_is_no_controller()
        => Assert.Null(Owners.ControllerOf(OwnedBy(Owners.Controller(Owner) with { Controller = null })));

    [Fact]
    public void Only_an_object_of_the_server_can_own()
        => Assert.Throws<ArgumentException>(() => Owners.Controller(Marble.Named("a")));

    private static ObjectMeta OwnedBy(OwnerReference reference) => new() { OwnerReferences = [reference] };
}
