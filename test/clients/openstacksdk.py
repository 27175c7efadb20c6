"""Drives a service with openstacksdk and prints what came back, as JSON.

Arguments: the service's address. How the caller is known is said by the variables OS_... of the environment.
"""

import json
import sys

import openstack

endpoint = sys.argv[1]
connection = openstack.connect(cloud='envvars', baremetal_endpoint_override=endpoint)
baremetal = connection.baremetal

node = baremetal.create_node(
    driver='fake-hardware', name='sdk', extra={'k': 'v'}, provision_state='enroll'
)
driver = baremetal.get_driver('fake-hardware')
seen = {
    'nodes': [each.name for each in baremetal.nodes()],
    'details': [each.driver for each in baremetal.nodes(details=True)],
    'extra': baremetal.get_node('sdk').extra,
    'missing': baremetal.find_node('nosuch'),
    'power': baremetal.validate_node(node).get('power').result,
    'methods': node.list_vendor_passthru(baremetal),
    # By the query form, with arguments in the body whatever the verb.
    'post': node.call_vendor_passthru(baremetal, 'POST', 'echo', {'a': 1}).json(),
    'get': node.call_vendor_passthru(baremetal, 'GET', 'echo', {'a': 1}).json(),
    'delete': node.call_vendor_passthru(baremetal, 'DELETE', 'echo', {'a': 1}).json(),
    'async': node.call_vendor_passthru(baremetal, 'POST', 'sleep', {'seconds': 0}).status_code,
    'drivers': [each.name for each in baremetal.drivers(details=True)],
    'driver_methods': driver.list_vendor_passthru(baremetal),
    'driver_get': driver.call_vendor_passthru(baremetal, 'GET', 'driver_info').json(),
}
baremetal.set_node_maintenance(node, 'a reason')
seen['maintenance'] = baremetal.get_node('sdk').maintenance_reason
baremetal.unset_node_maintenance(node)
seen['updated'] = baremetal.update_node(node, extra={'k': 'w'}).extra
baremetal.wait_for_node_reservation(node)
baremetal.delete_node(node)
seen['deleted'] = baremetal.find_node('sdk')
print(json.dumps(seen))
